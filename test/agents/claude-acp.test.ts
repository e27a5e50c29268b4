import { speakWith } from './acp-scenarios.ts';

speakWith('claude-acp', { rejected: 'succeeded' });
