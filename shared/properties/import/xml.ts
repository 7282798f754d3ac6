// Hazard: an XML file may declare entities that expand without end, or that name files and hosts. A listing needs neither:
// a file that declares anything is refused before it is parsed, and nothing is ever expanded but the five names of XML.
import { AppError } from '../../core/errors.ts';

/** Far above what 5,000 homes need; a file of nothing but tags stays within memory. */
const MAX_TAGS = 600_000;
/** Photos and contacts: most of many feeds, and nothing that is read here. */
const SKIPPED = new Set([
  'File',
  'ListingPhoto',
  'PropertyContacts',
  'OfficeHour',
  'Phone',
  'Fee',
  'Company',
]);
const MAX_DEPTH = 40;

/** One element. Every child is a list, since any element of a stranger's file may come twice. */
export interface XmlElement {
  /** Text without the text of its children, trimmed. */
  readonly text: string;
  attribute(name: string): string | null;
  children(name: string): readonly XmlElement[];
  /** The first element at the end of a path of names. */
  first(...path: readonly string[]): XmlElement | null;
  /** The text of the first element at the end of a path; null if there is none or it is empty. */
  textOf(...path: readonly string[]): string | null;
}

/**
 * @returns the root's name and the root
 * @throws `invalid_request` if the text is not well-formed, declares a document type or entities, or is too deep or too large
 */
export async function parseXml(text: string): Promise<{ readonly name: string; readonly root: XmlElement }> {
  assertHarmless(text);
  const { XMLParser } = await import('fast-xml-parser');
  const { SyntaxValidator } = await import('fast-xml-validator');
  try {
    // The parser itself takes what was cut in the middle.
    SyntaxValidator.validate(text);
  } catch (cause) {
    const line = (cause as { line?: unknown }).line;
    const where = typeof line === 'number' ? ` near line ${line}` : '';
    throw new AppError('invalid_request', `The XML is not well-formed${where}`, { cause });
  }
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    textNodeName: '#',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    removeNSPrefix: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    trimValues: true,
    maxNestedTags: MAX_DEPTH,
    isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
    updateTag: (name) => !SKIPPED.has(name),
  });
  let parsed: unknown;
  try {
    parsed = parser.parse(text);
  } catch (cause) {
    throw new AppError('invalid_request', 'The XML cannot be read', { cause });
  }
  const [name, nodes] = Object.entries(parsed as Record<string, unknown>).find(([key]) => key !== '#') ?? [];
  const root: unknown = Array.isArray(nodes) ? nodes[0] : null;
  if (name === undefined || !isNode(root)) throw new AppError('invalid_request', 'The XML has no element');
  return { name, root: toElement(root) };
}

function assertHarmless(text: string): void {
  // Descriptions hold HTML in CDATA, where nothing declares anything. Most files need no second look.
  const declares = /<!(DOCTYPE|ENTITY)/i;
  const declared =
    declares.test(text) &&
    declares.test(text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').replace(/<!--[\s\S]*?-->/g, ''));
  if (declared) {
    throw new AppError('invalid_request', 'The XML declares a document type or entities, which is refused');
  }
  let tags = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) tags++;
  if (tags > MAX_TAGS) throw new AppError('invalid_request', 'The XML has too many elements');
}

/** An element with nothing but text is that text. */
type Node = string | Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

function toElement(given: Node): XmlElement {
  const node = typeof given === 'string' ? { '#': given } : given;
  const own = (name: string): unknown => (Object.hasOwn(node, name) ? node[name] : undefined);
  const element: XmlElement = {
    text: decode(own('#')),
    attribute: (name) => (own(`@${name}`) === undefined ? null : decode(own(`@${name}`))),
    children(name) {
      const found = own(name);
      return Array.isArray(found) ? found.filter(isNode).map(toElement) : [];
    },
    first(...path) {
      const [name, ...rest] = path;
      if (name === undefined) return element;
      return element.children(name)[0]?.first(...rest) ?? null;
    },
    textOf(...path) {
      const found = element.first(...path)?.text ?? '';
      return found === '' ? null : found;
    },
  };
  return element;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @see https://www.w3.org/TR/xml/#sec-predefined-ent */
function decode(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  return text
    .replace(
      /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
      (entity: string, hex, decimal, name) => {
        if (typeof name === 'string') return NAMED[name.toLowerCase()] ?? entity;
        const point = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
        return point <= 0x10ffff ? String.fromCodePoint(point) : entity;
      },
    )
    .trim();
}
