/** How an agent without structured events says how far it is: the markers of the LLM-native orchestrator. */
export const markersText = (
  task: string,
): string => `Write each of these as a line of its own when it is so, and nothing else on that line:

[STATUS: STARTED] Agent beginning work
[STATUS: PROGRESS-25%] what is there so far (any percentage)
[STATUS: BLOCKED] what you wait for

When you report progress, use this form:

\`\`\`yaml
agentId: ${JSON.stringify(task)}
status: PROGRESS-50%
completedTasks:
  - what is done
remainingTasks:
  - what is left
blockers: none
estimatedCompletion: 1 hour
\`\`\`

At the end write exactly one of these as the last line:

[COMPLETE]
[FAILED] the reason, in one sentence

When something failed that others depend on, write before it:

[ERROR: Agent ${task} failed]
Cause: what went wrong
Impact: what it holds up
Recommendation: what to do`;
