// Who is meant: people by id or address, and the tenant that they belong to.
import type { Person, Tenant } from './people.ts';
import type { Store } from './store.ts';

/** By id or any address; `mail`, which proves nothing, last. */
export function findPerson(store: Store, key: string): Person | undefined {
  const wanted = key.toLowerCase();
  const { people } = store.state;
  return (
    people.find((one) => one.id === wanted || one.userPrincipalName.toLowerCase() === wanted) ??
    people.find((one) => one.proxyAddresses.some((other) => other.toLowerCase() === `smtp:${wanted}`)) ??
    people.find((one) => one.mail?.toLowerCase() === wanted)
  );
}

/** @throws {Error} if nobody has this id or address */
export function getPerson(store: Store, key: string): Person {
  const person = findPerson(store, key);
  if (!person) throw new Error(`Nobody here is called ${key}`);
  return person;
}

/** The tenant that a person belongs to. */
export function tenantOf(store: Store, person: Person): Tenant {
  const tenant = store.state.tenants.find((one) => one.id === person.tenantId);
  if (!tenant) throw new Error(`No tenant ${person.tenantId} for ${person.name}`);
  return tenant;
}
