import { h, setText } from '../elements/dom';
import { nodeMark, paintMark } from '../elements/swatch';
import { timeOfDay } from '../format';
import { formatPercent } from '../../core/base/percent';
import type { Since } from './since';
import { t } from '../texts';
import type { Headline } from './verdict';

/** What the line shows besides the headline. */
export interface VerdictDetail {
  /** The first anomaly found. */
  top?:
    | { title: string; node: string; probability: number; since: Since | undefined; colour: string | undefined }
    | undefined;
  /** How many more anomalies were found. */
  more?: number;
  /** The past moment that is shown. */
  atMs?: number | undefined;
}

/** The verdict in one line at the top, visible wherever the page is scrolled. */
export class VerdictLine {
  readonly element: HTMLElement;
  readonly #verdict = h('h2', { id: 'verdict' });
  readonly #type = h('strong', { class: 'type' });
  readonly #mark = nodeMark();
  readonly #node = h('span');
  readonly #percent = h('span', { class: 'percent' });
  readonly #since = h('span', { class: 'muted' });
  readonly #more = h('span', { class: 'muted' });
  readonly #at = h('span', { class: 'moment' });
  readonly #top: HTMLElement;

  /** `status`: how up to date the page is, at the end of the line. */
  constructor(status: HTMLElement) {
    const where = h('span', { class: 'node' }, this.#mark, this.#node);
    this.#top = h('span', { class: 'top-pair' }, this.#type, where, this.#percent, this.#since, this.#more);
    this.element = h('div', { class: 'verdict-line' }, this.#at, this.#verdict, this.#top, status);
  }

  show({ text, look }: Headline, { top, more = 0, atMs }: VerdictDetail = {}): void {
    this.element.className = `verdict-line ${look}${atMs === undefined ? '' : ' past'}`;
    this.#verdict.className = look;
    setText(this.#verdict, text);
    this.#at.hidden = atMs === undefined;
    setText(this.#at, atMs === undefined ? '' : timeOfDay(atMs));
    this.#top.hidden = top === undefined;
    setText(this.#type, top?.title ?? '');
    paintMark(this.#mark, top?.colour);
    setText(this.#node, top?.node ?? '');
    setText(this.#percent, top ? formatPercent(top.probability) : '');
    setText(this.#since, top?.since ? sinceText(top.since) : '');
    setText(this.#more, more > 0 ? t('and {0} more', more) : '');
  }
}

const sinceText = ({ ms, open }: Since): string =>
  open ? t('since {0} or earlier', timeOfDay(ms)) : t('since {0}', timeOfDay(ms));
