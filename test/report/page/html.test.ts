import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { html, Html, scriptJson } from '../../../src/report/page/html.js';

interface Element {
  textContent: string;
  getAttribute(name: string): string;
  children: { length: number };
}

/** The first element of a text, as a parser of its own reads it. */
const parsed = (text: string) =>
  (
    parseHTML(`<!doctype html><html><body>${text}</body></html>`) as unknown as {
      document: { body: { firstElementChild: Element } };
    }
  ).document.body.firstElementChild;

describe('a template of HTML', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`"a' & b`, '&quot;a&#39; &amp; b'],
  ])('shows %s as text', (text, expected) => {
    expect(html`${text}`.text).toBe(expected);
  });

  it('takes HTML as it is, lists one by one, and leaves out what is not there', () => {
    expect(html`<p>${html`<b>${1}</b>`}${['<', new Html('<i></i>')]}${undefined}${false}</p>`.text).toBe(
      '<p><b>1</b>&lt;<i></i></p>',
    );
  });

  it('drops its own indentation and keeps that of values', () => {
    const unformatted = html; // by another name, no tool lays it out
    expect(unformatted`\n      <pre>${'a\n  b'}</pre>\n    `.text).toBe('\n<pre>a\n  b</pre>\n');
  });

  it('lets no text out of an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>"\'&; =/abscript!-') }), (text) => {
        const element = parsed(html`<b title="${text}">${text}</b>`.text);
        expect([element.textContent, element.getAttribute('title')]).toEqual([text, text]);
        expect(element.children.length).toBe(0);
      }),
    );
  });
});

describe('JSON within a script element', () => {
  it('ends no script, and is what it was', () => {
    const value = { name: '</script><script>alert(1)</script><!--' };
    const { text } = scriptJson(value);
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual(value);
  });
});
