// What the agents layer needs, before its files are run side by side: `node --import tsx test/agents/install-all.ts`.
import { DRIVEN } from './driven.ts';

await Promise.all(Object.values(DRIVEN).map(({ install }) => install()));
