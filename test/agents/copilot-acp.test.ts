import { speakWith } from './acp-scenarios.ts';

speakWith('copilot-acp', { rejected: 'escalate', anyModel: true });
