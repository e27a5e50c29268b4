import { speakWith } from './acp-scenarios.ts';

speakWith('codex-acp', { rejected: 'escalate', asking: { mode: 'read-only' }, asksToEdit: true });
