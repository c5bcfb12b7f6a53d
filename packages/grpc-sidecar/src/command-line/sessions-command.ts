import { loadHoldfastProtos, type SessionInfo__Output } from '@holdfast/protos';
import { Command } from 'commander';
import { durationMs } from '../wire/duration.ts';
import { answerCodesHelp, answering } from './exit-codes.ts';
import { addServerOptions, callServer, type ServerFlags } from './server-call.ts';
import { shownName } from './shown-name.ts';

const PAGE_SIZE = 1_000;

/** `holdfast sessions`. */
export function sessionsCommand(): Command {
  return addServerOptions(new Command('sessions'))
    .description('list the sessions that hold locks or wait for them')
    .addHelpText('after', answerCodesHelp())
    .action(answering(runSessions));
}

async function runSessions(flags: ServerFlags): Promise<void> {
  const { ListSessions } = loadHoldfastProtos().adminService;
  const sessions: SessionInfo__Output[] = [];
  let pageToken = '';
  do {
    const page = await callServer(flags, ListSessions, { pageSize: PAGE_SIZE, pageToken });
    sessions.push(...page.sessions);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  if (flags.json === true) console.log(JSON.stringify(sessions.map(sessionJson)));
  else for (const session of sessions) printSession(session);
}

function sessionJson({ ttl, remaining, ...session }: SessionInfo__Output): object {
  return {
    ...session,
    ttl: durationMs(ttl, 0, 'ttl'),
    remaining: durationMs(remaining, 0, 'remaining'),
  };
}

function printSession(session: SessionInfo__Output): void {
  const { sessionId, clientName, attached, held, waiting, remaining } = session;
  const columns = [
    sessionId,
    (attached ? 'attached' : 'detached').padEnd(8),
    `held=${held}`.padEnd(8),
    `waiting=${waiting}`.padEnd(11),
    `left=${durationMs(remaining, 0, 'remaining')}ms`.padEnd(13),
    shownName(clientName || '-'),
  ];
  console.log(columns.join(' '));
}
