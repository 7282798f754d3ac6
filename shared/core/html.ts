import escapeHtml from 'escape-html';

const markup = Symbol('markup');

/** Markup that is safe to send: only `html` makes it. */
export interface Html {
  readonly [markup]: string;
}

export type HtmlValue = string | number | Html | null | readonly HtmlValue[];

function toMarkup(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return markup in value ? value[markup] : value.map(toMarkup).join('');
}

/** A template that escapes every value that is not itself made by it; null is nothing, a list is its items. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return {
    [markup]: String.raw({ raw: strings }, ...values.map(toMarkup)),
  };
}

/** The markup as text, ready to be sent. */
export function toText(page: Html): string {
  return page[markup];
}
