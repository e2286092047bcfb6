/** Structured logs on stderr, for processes that run unattended. No customer text goes in: log ids, counts and places. */
import pino from 'pino';

export type Log = pino.Logger;

export function createLog(level: string): Log {
  return pino(
    {
      name: 'undertone',
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
