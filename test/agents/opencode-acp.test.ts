import { speakWith } from './acp-scenarios.ts';

speakWith('opencode-acp', { rejected: 'escalate' });
