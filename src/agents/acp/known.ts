import { claude } from '../claude.ts';
import { codex } from '../codex.ts';
import { copilot } from '../copilot.ts';
import { gemini } from '../gemini.ts';
import { opencode } from '../opencode.ts';
import { acpAgent } from './entry.ts';

/** Programs that speak the Agent Client Protocol and were driven for real, with what was learned of each. */

/** Read against @agentclientprotocol/claude-agent-acp 0.101.0. */
export const claudeAcp = acpAgent({
  name: 'claude-acp',
  like: claude,
  title: 'Claude Code (ACP)',
  command: ['claude-agent-acp'],
  // Its own default lets a model decide what is allowed.
  mode: 'default',
  // A model that is down is asked again in silence, ten times unless it is told otherwise.
  env: {
    CLAUDECODE: null,
    CLAUDE_CODE_ENTRYPOINT: null,
    // Where it is set, the program is started as one that may ask for nothing, which root is refused.
    IS_SANDBOX: null,
    CLAUDE_CODE_MAX_RETRIES: '3',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  },
  capabilities: { cost: true },
});

/** Read against @agentclientprotocol/codex-acp 2.6.0. Its own sandbox contains it, so it asks only to leave that. */
export const codexAcp = acpAgent({
  name: 'codex-acp',
  like: codex,
  title: 'Codex (ACP)',
  command: ['codex-acp'],
  mode: 'agent',
  countsTokens: true,
  failureText:
    '^(We.re currently experiencing|stream disconnected|unexpected status|exceeded retry limit|You.ve hit your usage limit)',
  capabilities: { sandbox: 'system', commands: 'contained' },
});

/** Read against @google/gemini-cli 0.61.0. Loading a session in the minute it was made in damages it. */
export const geminiAcp = acpAgent({
  name: 'gemini-acp',
  like: gemini,
  title: 'Gemini CLI (ACP)',
  command: ['gemini', '--acp'],
  env: { GEMINI_CLI_NO_RELAUNCH: 'true' },
  capabilities: { resume: false },
});

/** Read against opencode-ai 1.18.33. It asks nothing unless its rules say so. */
export const opencodeAcp = acpAgent({
  name: 'opencode-acp',
  like: opencode,
  title: 'opencode (ACP)',
  command: ['opencode', 'acp'],
  env: {
    OPENCODE_PERMISSION: JSON.stringify({ edit: 'ask', bash: 'ask', webfetch: 'ask', external_directory: 'ask' }),
    OPENCODE_DISABLE_AUTOUPDATE: '1',
  },
  capabilities: { cost: true },
});

/** Read against @github/copilot 1.0.102. Its model is chosen by the environment alone. */
export const copilotAcp = acpAgent({
  name: 'copilot-acp',
  like: copilot,
  title: 'GitHub Copilot CLI (ACP)',
  command: ['copilot', '--acp', '--no-auto-update', '--disallow-temp-dir'],
  modelVariable: 'COPILOT_MODEL',
  countsTokens: true,
  failureText: '^Error: ',
  noticeText: '^Info: ',
});
