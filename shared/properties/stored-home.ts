// A home is two layers: what its source listed, and what an operator set. The operator's fields win.
import { NO_FIELDS } from './property.ts';
import type { ListedProperty, Property, PropertyFields, PropertyPatch } from './property.ts';

/** A home in two layers: what its source listed, and what an operator set. */
export interface StoredHome {
  readonly propertyId: string;
  /** The source that brought it; null for a home entered by hand. */
  readonly source: string | null;
  /** What the source said last; empty for a home entered by hand. */
  readonly listed: PropertyPatch;
  /** What the operator set. */
  readonly own: PropertyPatch;
  /** When it left its source, in epoch milliseconds; null while the source lists it, and for a home entered by hand. */
  readonly leftAt: number | null;
  /** When its source listed it last, in epoch milliseconds; null for a home entered by hand. */
  readonly seenAt: number | null;
}

/** Both layers as one. A home that left its source is rented, unless the operator set another status. */
export function fieldsOf({
  listed,
  own,
  leftAt,
}: Pick<StoredHome, 'listed' | 'own' | 'leftAt'>): PropertyFields {
  return { ...NO_FIELDS, ...listed, ...(leftAt !== null && { status: 'rented' as const }), ...own };
}

/** @param userId the manager whose home it is */
export function toProperty(home: StoredHome, userId: string): Property {
  const { propertyId, source, seenAt } = home;
  return { ...fieldsOf(home), propertyId, userId, source, seenAt };
}

/** A home as the index has it. @param userId the manager whose home it is */
export function toListed(home: StoredHome, userId: string): ListedProperty {
  const { propertyId, source } = home;
  const fields = Object.entries(fieldsOf(home)).filter(([name]) => name !== 'description');
  return {
    ...(Object.fromEntries(fields) as Omit<PropertyFields, 'description'>),
    propertyId,
    userId,
    source,
  };
}

/**
 * What the operator has set once this PUT is written. It replaces what they set before. A value that the source lists as
 * well is not theirs, unless it was before: so a home that is read, edited in one field and written back pins that field.
 */
export function setByOperator(home: StoredHome | null, patch: PropertyPatch): PropertyPatch {
  if (!home || home.source === null) return patch;
  const current = fieldsOf({ ...home, own: {} });
  return Object.fromEntries(
    Object.entries(patch).filter(
      ([name, value]) =>
        Object.hasOwn(home.own, name) || !isSame(value, current[name as keyof PropertyFields]),
    ),
  );
}

/** Whether two values are equal as JSON, in any order of their fields. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [entriesOf(one), entriesOf(other)];
  return [...left.keys(), ...right.keys()].every((name) =>
    isSame(left.get(name) ?? null, right.get(name) ?? null),
  );
}

function entriesOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value));
}
