// Made from package.json by generate-contributions.mjs. Do not edit.

export const COMMANDS = [
  'orchestrate.startPlan',
  'orchestrate.resume',
  'orchestrate.pause',
  'orchestrate.cancel',
  'orchestrate.retry',
  'orchestrate.whatWentWrong',
  'orchestrate.skip',
  'orchestrate.approve',
  'orchestrate.reject',
  'orchestrate.revisePlan',
  'orchestrate.answer',
  'orchestrate.allowOnce',
  'orchestrate.allowAlways',
  'orchestrate.deny',
  'orchestrate.done',
  'orchestrate.tell',
  'orchestrate.interrupt',
  'orchestrate.takeOver',
  'orchestrate.handBack',
  'orchestrate.showInstructions',
  'orchestrate.openTerminal',
  'orchestrate.openDiff',
  'orchestrate.sendComments',
  'orchestrate.addComment',
  'orchestrate.deleteComment',
  'orchestrate.revealWorktree',
  'orchestrate.showReview',
  'orchestrate.showRun',
  'orchestrate.takeResult',
  'orchestrate.rollback',
  'orchestrate.cancelAndRollBack',
  'orchestrate.undoTaking',
  'orchestrate.writeReport',
  'orchestrate.writeReportOfAll',
  'orchestrate.pushResult',
  'orchestrate.makePullRequest',
  'orchestrate.readChecks',
  'orchestrate.mendChecks',
  'orchestrate.openOnForge',
  'orchestrate.planObjective',
  'orchestrate.hotfix',
  'orchestrate.takePlan',
  'orchestrate.createPlan',
  'orchestrate.validatePlan',
  'orchestrate.import',
  'orchestrate.chooseRepository',
  'orchestrate.showDiskUse',
  'orchestrate.showLog',
] as const;
/** A command of the manifest. */
export type CommandId = (typeof COMMANDS)[number];

export const VIEWS = ['orchestrate.runs'] as const;
/** A view of the manifest. */
export type ViewId = (typeof VIEWS)[number];

export const TOOLS = ['orchestrate_status', 'orchestrate_validate', 'orchestrate_start'] as const;
/** A tool of the manifest, for language models. */
export type ToolId = (typeof TOOLS)[number];

export const CHAT_COMMANDS = ['status', 'why', 'report', 'start'] as const;
/** What can be said to the participant of the manifest, for the chat. */
export type ChatCommand = (typeof CHAT_COMMANDS)[number];

/** The settings of the manifest and what their values may be. */
export interface Settings {
  'orchestrate.terminals.open': 'auto' | 'onDemand';
  'orchestrate.notifications': boolean;
}
