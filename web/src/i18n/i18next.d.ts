import 'i18next';
import type messages from '../messages/en.json';

// A text that is missing from the English file is a type error.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof messages };
  }
}
