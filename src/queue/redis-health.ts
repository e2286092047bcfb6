/** Whether a Redis will hold the queue safely, told from what `INFO` says. Pure. */

/** BullMQ's scripts use commands of this version. */
const LOWEST: [number, number] = [6, 2];
const FULL = 0.9;

/** `info` is the answer to INFO: lines `field:value`. */
export function judgeRedis(name: string, info: string): { ok: boolean; detail: string; advice?: string } {
  const field = (key: string): string => new RegExp(`^${key}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const version = field('redis_version');
  const policy = field('maxmemory_policy');
  const used = Number(field('used_memory'));
  const limit = Number(field('maxmemory'));
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const problems: string[] = [];
  const advice: string[] = [];
  if (major < LOWEST[0] || (major === LOWEST[0] && minor < LOWEST[1])) {
    problems.push(`version ${version || 'unknown'}, expected ${LOWEST.join('.')} or newer`);
    advice.push(`upgrade Redis to ${LOWEST.join('.')} or newer (7 is well tried)`);
  }
  if (policy !== 'noeviction') {
    problems.push(`maxmemory-policy ${policy || 'unknown'}, expected noeviction`);
    advice.push('set `maxmemory-policy noeviction`: any other policy lets Redis drop jobs and locks when memory is short');
  }
  if (limit > 0 && used / limit >= FULL) {
    problems.push(`${Math.round((100 * used) / limit)} % of maxmemory used, expected less than ${100 * FULL} %`);
    advice.push('raise `maxmemory`, or remove what other applications keep in this Redis: a full Redis accepts no jobs');
  }
  const about = `Redis ${version} (${name})`;
  if (problems.length > 0) return { ok: false, detail: `${about}: ${problems.join('; ')}`, advice: advice.join('; ') };
  return {
    ok: true,
    detail: `${about}, ${Math.round(used / 1_048_576)} MB used${limit > 0 ? ` of ${Math.round(limit / 1_048_576)}` : ''}`,
  };
}
