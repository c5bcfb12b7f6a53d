import type { TokenValidity } from '../backend/single-lease.ts';
import { type Claim, NO_TOKEN } from './claim.ts';
import type { TableChanges } from './table-changes.ts';

/** Names whose grants are remembered. */
const NAMES_MAX = 65_536;
/** Tokens of one name's readers that are remembered after their leases are over. */
const TOKENS_PER_NAME_MAX = 64;

interface GrantsOfName {
  readonly isShared: boolean;
  readonly highestToken: bigint;
  /** Those that no later grant excludes; oldest first. */
  readonly tokens: readonly bigint[];
}

/**
 * What is remembered of each lock's grants after its leases are over: which tokens no later grant
 * excludes. Only readers do not exclude each other; permits that came back may be out again.
 *
 * Bounded: the lock that was not granted for longest is forgotten first. Its tokens count as
 * excluded then, unless their lease is held, and the highest token forgotten counts as its own.
 */
export class LastGrants implements TableChanges {
  /** In the order of the last grant. */
  readonly #byName = new Map<string, GrantsOfName>();
  readonly #namesMax: number;
  #highestForgotten = NO_TOKEN;

  constructor(namesMax: number = NAMES_MAX) {
    this.#namesMax = namesMax;
  }

  claimGranted({ name, token, terms }: Claim): void {
    const before = this.#byName.get(name);
    const isShared = terms.mode === 'shared';
    const others = isShared && before?.isShared ? before.tokens.slice(1 - TOKENS_PER_NAME_MAX) : [];
    this.#byName.delete(name);
    this.#byName.set(name, { isShared, highestToken: token, tokens: [...others, token] });
    if (this.#byName.size > this.#namesMax) this.#forgetOldest();
  }

  /** For a token whose lease is not held. */
  validity(name: string, token: bigint): TokenValidity {
    const grants = this.#byName.get(name);
    return {
      isValid: grants?.tokens.includes(token) ?? false,
      highestToken: grants?.highestToken ?? this.#highestForgotten,
    };
  }

  #forgetOldest(): void {
    for (const [name, { highestToken }] of this.#byName) {
      this.#byName.delete(name);
      if (highestToken > this.#highestForgotten) this.#highestForgotten = highestToken;
      return;
    }
  }
}
