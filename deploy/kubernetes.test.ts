// Goal: what `kubectl apply -k` would send is valid, and has what makes the sidecar work beside an
// application.
// Method: render with kubectl, check every object against the schemas and types of Kubernetes, then
// the facts.
// Not covered: a cluster that runs it.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  findUnknownFields,
  type KubernetesObject,
  parseObjects,
  validateAgainstSchema,
} from './kubernetes-schema.ts';

interface Container {
  readonly name: string;
  readonly restartPolicy?: string;
  readonly args?: string[];
  readonly ports?: { containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly resources: { requests: Record<string, string>; limits: Record<string, string> };
  readonly securityContext: Record<string, unknown>;
  readonly volumeMounts: { name: string; mountPath: string }[];
}

interface Probe {
  readonly grpc: { port: number; service: string };
}

interface PodSpec {
  readonly initContainers: Container[];
  readonly containers: Container[];
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: Record<string, unknown>;
  readonly volumes: { name: string; emptyDir?: object; persistentVolumeClaim?: object }[];
}

const FOLDER = join(import.meta.dirname, 'kubernetes');
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
if (!hasKubectl) {
  process.stderr.write(
    'kubectl is not installed: the files themselves are checked, not what kustomize makes of them\n',
  );
}

const base = hasKubectl ? render('base') : readFiles('base');

test('every object fits the schemas of Kubernetes', async () => {
  expect(base.map(({ kind }) => kind).sort()).toEqual(['Deployment', 'NetworkPolicy']);
  for (const object of base) await validateAgainstSchema(object);
});

test('no object has a field that Kubernetes does not know', { timeout: 60_000 }, () => {
  expect(findUnknownFields(base)).toBe('');
});

test.skipIf(!hasKubectl)(
  'the persistent variant is valid as well',
  { timeout: 60_000 },
  async () => {
    const objects = render('persistent');
    for (const object of objects) await validateAgainstSchema(object);
    expect(findUnknownFields(objects)).toBe('');
    const claim = objects.find(({ kind }) => kind === 'PersistentVolumeClaim')!;
    const volume = podOf(objects).volumes.find(({ name }) => name === 'holdfast-data')!;
    expect(volume).toEqual({
      name: 'holdfast-data',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    });
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    expect(deployment).toMatchObject({ spec: { replicas: 1, strategy: { type: 'Recreate' } } });
  },
);

describe('these checks notice', () => {
  const wrong = (path: string[], value: unknown): KubernetesObject[] => {
    const copy = structuredClone(base);
    let parent = copy.find(({ kind }) => kind === 'Deployment') as unknown as Record<
      string,
      unknown
    >;
    for (const step of path.slice(0, -1)) parent = parent[step] as Record<string, unknown>;
    parent[path.at(-1)!] = value;
    return copy;
  };
  const sidecarPath = ['spec', 'template', 'spec', 'initContainers', '0'];

  test.each([
    ['a port that is text', [...sidecarPath, 'startupProbe', 'grpc', 'port'], '7420'],
    ['a probe without a port', [...sidecarPath, 'livenessProbe', 'grpc'], { service: 'liveness' }],
    ['a restart policy that is a number', [...sidecarPath, 'restartPolicy'], 1],
    ['a Deployment without a template', ['spec', 'template'], undefined],
  ])('%s', async (_what, path, value) => {
    const [deployment] = wrong(path, value).filter(({ kind }) => kind === 'Deployment');
    await expect(validateAgainstSchema(deployment!)).rejects.toThrow();
  });

  test('a misspelled field, deep inside', { timeout: 60_000 }, () => {
    const objects = wrong([...sidecarPath, 'startupProbe', 'grcp'], { port: 7420 });
    expect(findUnknownFields(objects)).toContain('grcp');
  });
});

describe('the sidecar', () => {
  const pod = podOf(base);
  const sidecar = pod.initContainers.find(({ name }) => name === 'holdfast')!;
  const app = pod.containers[0]!;

  test('is a native sidecar: an init container that is always restarted', () => {
    expect(sidecar.restartPolicy).toBe('Always');
  });

  test('shares the folder of its socket with the application through an emptyDir', () => {
    const socket = argument(sidecar, '--socket');
    const mount = sidecar.volumeMounts.find(({ mountPath }) => socket.startsWith(`${mountPath}/`))!;
    expect(app.volumeMounts).toContainEqual(mount);
    expect(pod.volumes.find(({ name }) => name === mount.name)!.emptyDir).toBeDefined();
  });

  test('keeps its directory on a volume, because its own file system is read-only', () => {
    const directory = argument(sidecar, '--directory');
    expect(sidecar.volumeMounts.map(({ mountPath }) => mountPath)).toContain(directory);
  });

  test('is probed over gRPC, on the port it listens on', () => {
    const port = Number(argument(sidecar, '--listen').split(':').at(-1));
    expect(sidecar.ports!.map(({ containerPort }) => containerPort)).toEqual([port]);
    expect(sidecar.startupProbe!.grpc).toEqual({ port, service: 'readiness' });
    expect(sidecar.readinessProbe!.grpc).toEqual({ port, service: 'readiness' });
    expect(sidecar.livenessProbe!.grpc).toEqual({ port, service: 'liveness' });
  });

  test('has time to drain after the application has ended', () => {
    const drainSeconds = Number(argument(sidecar, '--drain-timeout').replace(/s$/, ''));
    expect(drainSeconds).toBeGreaterThan(0);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(2 * drainSeconds);
  });

  test.each([sidecar, app])('$name runs without privileges and within limits', (container) => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.resources.limits).toHaveProperty('memory');
    expect(container.resources.requests).toHaveProperty('cpu');
  });
});

test('the network policy selects these pods and no others', () => {
  const labels = { 'app.kubernetes.io/name': 'example-app' };
  const policy = base.find(({ kind }) => kind === 'NetworkPolicy');
  const deployment = base.find(({ kind }) => kind === 'Deployment');
  expect(policy).toMatchObject({ spec: { podSelector: { matchLabels: labels } } });
  expect(deployment).toMatchObject({ spec: { template: { metadata: { labels } } } });
});

function render(variant: string): KubernetesObject[] {
  const result = spawnSync('kubectl', ['kustomize', join(FOLDER, variant)], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return parseObjects(result.stdout);
}

function readFiles(variant: string): KubernetesObject[] {
  return readdirSync(join(FOLDER, variant))
    .filter((name) => name !== 'kustomization.yaml')
    .flatMap((name) => parseObjects(readFileSync(join(FOLDER, variant, name), 'utf8')));
}

function podOf(objects: readonly KubernetesObject[]): PodSpec {
  const deployment = objects.find(({ kind }) => kind === 'Deployment') as unknown as {
    spec: { template: { spec: PodSpec } };
  };
  return deployment.spec.template.spec;
}

function argument({ args }: Container, option: string): string {
  const found = args!.find((word) => word.startsWith(`${option}=`));
  expect(found, option).toBeDefined();
  return found!.slice(option.length + 1);
}
