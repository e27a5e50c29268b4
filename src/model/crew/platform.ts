/** What plans of other systems call the kind of model that does the work. */
export const PLATFORMS = ['auto', 'claude', 'gpt', 'gemini', 'open-source', 'generic'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** The agent that stands for a platform: of `generic` any tool that a person drives, so numbered instructions. */
export const PLATFORM_AGENT: Readonly<Record<Platform, string>> = {
  auto: 'auto',
  claude: 'claude',
  gpt: 'codex',
  gemini: 'gemini',
  'open-source': 'opencode',
  generic: 'manual',
};

/** Other words for the same, as letters and digits alone. */
const WORDS: Readonly<Record<string, Platform>> = {
  autodetect: 'auto',
  automatic: 'auto',
  anthropic: 'claude',
  claudecode: 'claude',
  openai: 'gpt',
  chatgpt: 'gpt',
  google: 'gemini',
  geminicli: 'gemini',
  opensource: 'open-source',
  oss: 'open-source',
  genericllm: 'generic',
};

/** The platform a word means, in whatever case and with whatever between its parts; undefined where it means none. */
export function platformOf(word: string): Platform | undefined {
  const plain = word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return WORDS[plain] ?? PLATFORMS.find((platform) => platform === plain);
}
