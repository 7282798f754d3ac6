// Controls of the accounts: people, tenants, consents and tokens.
import type { Person, Tenant } from './people.ts';
import { getPerson } from './directory.ts';
import type { Grant, SignInProblem, Store } from './store.ts';

/** People are named by id or by any address. */
export interface AccountControls {
  addPerson(person: Person): void;
  people(): readonly Person[];
  /** Changes the account or its mailbox: its zone, working hours, addresses. */
  editPerson(person: string, changes: Partial<Omit<Person, 'id'>>): void;
  /** Every refresh token so far answers invalid_grant 50173; with `accessTokens` Graph answers 401 to the access tokens too. */
  revoke(person: string, options?: { accessTokens?: boolean }): void;
  /** The person removed the app: refreshes answer invalid_grant 65001 consent_required. */
  withdrawConsent(person: string): void;
  /** Every access token so far is expired, refresh tokens stay good. */
  expireAccessTokens(person: string): void;
  /** Graph answers 401 to every access token of this person, new ones included, until it is switched off. */
  refuseAccessTokens(person: string, isRefused: boolean): void;
  /** Refreshes fail this way until it is undefined (over HTTP: null) again. */
  setSignInProblem(person: string, problem: SignInProblem | undefined | null): void;
  /** Who may consent to what in a tenant, named by id or domain. What is left out stays as it is. */
  setTenantPolicy(tenant: string, policy: Partial<Pick<Tenant, 'userConsent' | 'blockedScopes'>>): void;
  allowRedirectUri(uri: string): void;
  /** Milliseconds by which Microsoft's clock is ahead. */
  setClockSkew(ms: number): void;
}

/** The methods by which a test changes accounts, tenants and tokens. */
export function createAccountControls(store: Store): AccountControls {
  function accessTokensOf(key: string): Grant[] {
    const { id } = getPerson(store, key);
    return Object.values(store.state.accessTokens).filter((grant) => grant.personId === id);
  }

  return {
    addPerson(person) {
      store.state.people.push(structuredClone(person));
    },
    people: () => store.state.people,
    editPerson(key, changes) {
      Object.assign(getPerson(store, key), structuredClone(changes));
    },
    revoke(key, options = {}) {
      const { id } = getPerson(store, key);
      const refresh = Object.values(store.state.refreshTokens).filter((one) => one.personId === id);
      for (const grant of refresh) grant.revoked = true;
      if (options.accessTokens) for (const grant of accessTokensOf(key)) grant.revoked = true;
    },
    withdrawConsent(key) {
      const { id } = getPerson(store, key);
      const { consents } = store.state;
      store.state.consents = Object.fromEntries(
        Object.entries(consents).filter(([name]) => !name.startsWith(`${id} `)),
      );
    },
    expireAccessTokens(key) {
      for (const grant of accessTokensOf(key)) grant.expiresAt = store.now();
    },
    refuseAccessTokens(key, isRefused) {
      const { id } = getPerson(store, key);
      if (isRefused) store.refusedPeople.add(id);
      else store.refusedPeople.delete(id);
    },
    setSignInProblem(key, problem) {
      const { id } = getPerson(store, key);
      if (problem) store.state.problems[id] = problem;
      else Reflect.deleteProperty(store.state.problems, id);
    },
    setTenantPolicy(key, policy) {
      const tenant = store.state.tenants.find(({ id, domain }) => id === key || domain === key);
      if (!tenant) throw new Error(`There is no tenant ${key}`);
      Object.assign(tenant, policy);
    },
    allowRedirectUri(uri) {
      store.state.redirectUris.push(uri);
    },
    setClockSkew(ms) {
      store.skewMs = ms;
    },
  };
}
