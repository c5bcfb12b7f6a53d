import type { HoldfastError } from '@holdfast/core';

interface PendingRenewal {
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (error: HoldfastError) => void;
}

/** Callers who wait until a renewal, or a later one, is acknowledged. */
export class PendingRenewals {
  #pending: PendingRenewal[] = [];

  wait(sequence: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ sequence, resolve, reject });
    });
  }

  acknowledge(sequence: number): void {
    const isCovered = (renewal: PendingRenewal): boolean => renewal.sequence <= sequence;
    for (const renewal of this.#pending) if (isCovered(renewal)) renewal.resolve();
    this.#pending = this.#pending.filter((renewal) => !isCovered(renewal));
  }

  failAll(error: HoldfastError): void {
    for (const renewal of this.#pending) renewal.reject(error);
    this.#pending = [];
  }
}
