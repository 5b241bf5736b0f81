/** Texts: one file for each language, loaded when it is wanted; plural forms by `Intl.PluralRules`, inside i18next. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { firstLanguage, type Language } from './language';

const files: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('../messages/en.json'),
  ro: () => import('../messages/ro.json'),
};

/** Gets the texts ready before the first page is drawn. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: {},
    lng: 'none',
    fallbackLng: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await speak(firstLanguage());
}

/** Changes the language of the page. */
export async function speak(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await files[language]()).default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
