import { speakWith } from './acp-scenarios.ts';

speakWith('gemini-acp', { rejected: 'succeeded' });
