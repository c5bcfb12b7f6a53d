import { objects } from './objects.ts';
import { strings } from './strings.ts';
import type { Workload } from './workload.ts';

export const WORKLOADS: readonly Workload[] = [objects, strings];

export function workloadNamed(name: string): Workload {
  const workload = WORKLOADS.find((candidate) => candidate.name === name);
  if (workload === undefined) throw new TypeError(`no such workload name=${name}`);
  return workload;
}
