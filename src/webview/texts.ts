import { TRANSLATIONS_ID, type PanelText, type Translations } from '../shared/panelTexts';

const translations = JSON.parse(
  (typeof document === 'undefined' ? null : document.getElementById(TRANSLATIONS_ID)?.textContent) ?? '{}',
) as Translations;

/** One of the page's texts in the editor's language, with the values for `{0}`, `{1}`, … */
export function t(text: PanelText, ...args: (string | number)[]): string {
  return named(text).replace(/\{(\d)\}/g, (placeholder, place: string) => String(args[Number(place)] ?? placeholder));
}

/** A name from a catalogue, such as a metric's, in the editor's language. */
export const named = (text: string): string => translations[text] ?? text;
