/** The languages of the app, and which one a person gets: their own choice, else the browser's, else English. */
export const LANGUAGES = { en: 'English', ro: 'Română' } as const;

export type Language = keyof typeof LANGUAGES;

const STORED = 'icosa-language';

export function isLanguage(name: string | null | undefined): name is Language {
  return name != null && Object.hasOwn(LANGUAGES, name);
}

/** Returns the language of a locale such as `ro-RO`, null for one that the app does not speak. */
export function languageOf(locale: string | null | undefined): Language | null {
  const name = locale?.split('-')[0]?.toLowerCase();
  return isLanguage(name) ? name : null;
}

export function chosenLanguage(): Language | null {
  const stored = localStorage.getItem(STORED);
  return isLanguage(stored) ? stored : null;
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
}

export function firstLanguage(): Language {
  const browsers = navigator.languages.map(languageOf).find((language) => language !== null);
  return chosenLanguage() ?? browsers ?? 'en';
}

/** The locale that the server's profiles and the header `x-locale` know a language by. */
export function localeOf(language: Language): string {
  return language === 'ro' ? 'ro-RO' : 'en';
}
