import { pino } from 'pino';
import pretty from 'pino-pretty';
import type { Logger } from '../server/logger.ts';
import type { LogLevel } from './log-levels.ts';

/**
 * Logs to standard error, so that standard output is the command's own. Written at once: nothing is
 * lost at an exit.
 */
export function createLogger(level: LogLevel, isJson: boolean): Logger {
  const options = {
    level,
    base: null,
    serializers: { error: (error: Error) => ({ message: error.message, cause: causeOf(error) }) },
  };
  if (isJson) return pino(options, pino.destination({ dest: 2, sync: true }));
  const isTerminal = process.stderr.isTTY === true;
  return pino(
    options,
    pretty({ destination: 2, sync: true, colorize: isTerminal, translateTime: 'SYS:HH:MM:ss.l' }),
  );
}

function causeOf(error: Error): string | undefined {
  return error.cause instanceof Error ? error.cause.message : undefined;
}
