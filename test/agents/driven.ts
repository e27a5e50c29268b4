import { join } from 'node:path';
import { claudeAcp, codexAcp, copilotAcp, geminiAcp, opencodeAcp } from '../../src/agents/acp/known.ts';
import { claude } from '../../src/agents/claude.ts';
import { codex } from '../../src/agents/codex.ts';
import { copilot } from '../../src/agents/copilot.ts';
import { gemini } from '../../src/agents/gemini.ts';
import { opencode } from '../../src/agents/opencode.ts';
import * as install from './install.ts';
import type { Driven } from './rig.ts';
import * as scripted from './scripted.ts';

const GEMINI_HOME = { '.gemini/settings.json': JSON.stringify(scripted.GEMINI_HOME) };

/** How each real program is driven with a scripted model, with what lets it run a command unasked. */
export const DRIVEN = {
  claude: {
    agent: claude,
    install: install.installClaude,
    settings: (url) => ({
      ...scripted.claudeSettings(url),
      model: 'claude-sonnet-4-5',
      args: ['--allowedTools', 'Bash'],
    }),
    usedUp: scripted.CLAUDE_USED_UP,
  },
  codex: {
    agent: codex,
    install: install.installCodex,
    settings: scripted.codexSettings,
    usedUp: scripted.CODEX_USED_UP,
  },
  gemini: {
    agent: gemini,
    install: install.installGemini,
    settings: (url) => ({ ...scripted.geminiSettings(url), args: ['--approval-mode', 'yolo'] }),
    home: GEMINI_HOME,
    usedUp: scripted.GEMINI_USED_UP,
  },
  opencode: {
    agent: opencode,
    install: install.installOpencode,
    settings: scripted.opencodeSettings,
    usedUp: scripted.OPENCODE_USED_UP,
  },
  copilot: {
    agent: copilot,
    install: install.installCopilot,
    settings: scripted.copilotSettings,
    saved: (session) => join('.copilot', 'session-state', session, 'events.jsonl'),
    usedUp: scripted.CHAT_USED_UP,
  },
  'claude-acp': {
    agent: claudeAcp,
    install: install.installClaudeAcp,
    settings: spoken(scripted.claudeSettings),
    usedUp: scripted.CLAUDE_USED_UP,
  },
  'codex-acp': {
    agent: codexAcp,
    install: install.installCodexAcp,
    settings: spoken(scripted.codexAcpSettings),
    usedUp: scripted.CODEX_USED_UP,
  },
  'gemini-acp': {
    agent: geminiAcp,
    install: install.installGeminiAcp,
    settings: spoken(scripted.geminiSettings),
    home: GEMINI_HOME,
    usedUp: scripted.GEMINI_USED_UP,
  },
  'opencode-acp': {
    agent: opencodeAcp,
    install: install.installOpencodeAcp,
    settings: spoken(scripted.opencodeSettings),
    usedUp: scripted.CHAT_USED_UP,
  },
  'copilot-acp': {
    agent: copilotAcp,
    install: install.installCopilotAcp,
    settings: spoken(scripted.copilotSettings),
    usedUp: scripted.CHAT_USED_UP,
  },
} satisfies Readonly<Record<string, Driven>>;

/** Commands are allowed where it is not the asking that is tried. */
export const OPEN = {
  read: 'allow',
  edit: 'allow-in-worktree',
  execute: 'allow',
  fetch: 'ask',
  other: 'allow',
} as const;

function spoken(settings: Driven['settings']): Driven['settings'] {
  return (url) => ({ ...settings(url), permissions: OPEN });
}
