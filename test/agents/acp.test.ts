import { equal } from 'node:assert/strict';
import { claudeAcp, codexAcp, copilotAcp, geminiAcp, opencodeAcp } from '../../src/agents/acp/known.ts';
import { speakWith, type Spoken } from './acp-scenarios.ts';
import { ACP_EXPECTED } from './expected.ts';
import * as install from './install.ts';
import type { Driven } from './rig.ts';
import { goThroughScenarios, judged } from './scenarios.ts';
import * as scripted from './scripted.ts';

/** Commands are allowed where it is not the asking that is tried. */
const open = { read: 'allow', edit: 'allow-in-worktree', execute: 'allow', fetch: 'ask', other: 'allow' } as const;

const home = { '.gemini/settings.json': JSON.stringify(scripted.GEMINI_HOME) };

const ALL: readonly [Driven, Spoken][] = [
  [
    { agent: claudeAcp, install: install.installClaudeAcp, settings: scripted.claudeSettings },
    { rejected: 'succeeded', asking: {}, injects: true },
  ],
  [
    { agent: codexAcp, install: install.installCodexAcp, settings: scripted.codexAcpSettings },
    { rejected: 'escalate', asking: { mode: 'read-only' }, asksToEdit: true, injects: true },
  ],
  [
    { agent: geminiAcp, install: install.installGeminiAcp, settings: scripted.geminiSettings, home },
    { rejected: 'succeeded', asking: {}, injects: false },
  ],
  [
    { agent: opencodeAcp, install: install.installOpencodeAcp, settings: scripted.opencodeSettings },
    { rejected: 'escalate', asking: {}, injects: false },
  ],
  [
    { agent: copilotAcp, install: install.installCopilotAcp, settings: scripted.copilotSettings },
    { rejected: 'escalate', asking: {}, injects: false },
  ],
];

for (const [driven, spoken] of ALL) {
  const { name, title } = driven.agent;
  describe(`${title}, the real program with a scripted model`, function () {
    this.timeout(180_000);
    const settings: Driven['settings'] = (url) => ({ ...driven.settings(url), permissions: open, stall: 20_000 });
    const expected = ACP_EXPECTED[name as keyof typeof ACP_EXPECTED];
    const rig = goThroughScenarios({ ...driven, settings }, expected);
    speakWith(rig, { ...spoken, asking: { permissions: { ...open, execute: 'ask', edit: 'ask' }, ...spoken.asking } });

    // Copilot offers no models to choose from: it is told one by its environment, and takes any.
    if (driven.agent === copilotAcp) return;
    it('that offers no such model is a matter for a person', async () => {
      const { attempt } = await rig().begin([{ text: 'Never.' }], { settings: { model: 'no-such-model' } });
      equal(judged(await rig().exitOf(attempt, 'no-such-model')), 'escalate');
    });
  });
}
