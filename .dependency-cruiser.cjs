/** Who may import whom: the table of the house, as a rule. `npm run check` fails on a breach. */
const parts = ['analysis', 'privacy', 'sources', 'store', 'queue', 'reports', 'notify', 'lexicons', 'accuracy', 'tune'];
/** Beside feedback.ts and config.ts, which every part but the analysis may read. */
const allowed = {
  reports: ['store'],
  // A migration makes what follows from the stored text alone.
  store: ['analysis/text'],
  lexicons: ['analysis'],
  accuracy: [],
  tune: ['analysis', 'accuracy'],
};

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'analysis-is-pure',
      comment: 'The analysis imports the domain words and nothing else of ours.',
      severity: 'error',
      from: { path: '^src/analysis/' },
      to: { path: '^(src|jobs)/', pathNot: '^src/(analysis/|feedback\\.ts)' },
    },
    {
      name: 'words-of-the-domain-first',
      severity: 'error',
      from: { path: '^src/(feedback|config)\\.ts' },
      to: { path: '^(src|jobs)/', pathNot: '^src/feedback\\.ts' },
    },
    ...parts.map((part) => ({
      name: `${part}-alone`,
      comment: 'The parts do not know each other; jobs and the command line put them together.',
      severity: 'error',
      from: { path: `^src/${part}/` },
      to: {
        path: '^(src|jobs)/',
        pathNot: `^src/(${[part, ...(allowed[part] ?? [])].join('|')})/|^src/(feedback|config)\\.ts`,
      },
    })),
    {
      name: 'reports-know-the-store-port-only',
      severity: 'error',
      from: { path: '^src/reports/' },
      to: { path: '^src/store/', pathNot: '^src/store/port\\.ts' },
    },
    {
      name: 'only-the-edge-starts-jobs',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|server)/' },
      to: { path: '^jobs/' },
    },
    { name: 'jobs-below-the-edge', severity: 'error', from: { path: '^jobs/' }, to: { path: '^src/(cli|server)/' } },
    {
      name: 'mongodb-behind-its-port',
      severity: 'error',
      from: { pathNot: '^(src/store/mongo/|node_modules|test/)' },
      to: { path: 'node_modules/mongodb/' },
    },
    {
      name: 'libsql-behind-its-port',
      severity: 'error',
      from: { pathNot: '^(src/store/sqlite/|node_modules|test/)' },
      to: { path: 'node_modules/(@libsql|libsql)/' },
    },
    {
      name: 'redis-behind-its-port',
      severity: 'error',
      from: { pathNot: '^(src/queue/|node_modules|test/)' },
      to: { path: 'node_modules/(bullmq|ioredis)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
