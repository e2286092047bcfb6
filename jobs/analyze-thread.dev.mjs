/** The thread from its TypeScript source, for tests and `npm run dev`: tsx does not reach into worker threads by itself. */
import { tsImport } from 'tsx/esm/api';

export default (await tsImport('./analyze-thread.ts', import.meta.url)).default;
