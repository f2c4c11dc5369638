import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { TlsApiServer } from '../apiServer';
import { makeAuthority } from '../certificates';
import { World } from '../world';

/**
 * What becomes of a kubeconfig: nothing of it can be read, its context cannot be used, it says of nobody who one is, or
 * what the server sees of it, and below which path.
 */
export type Outcome =
  | 'unreadable'
  | 'refused'
  | 'nobody'
  | { below: string; authorization?: string; certificate?: string; impersonation?: readonly string[] };

/** A server and a folder in which kubeconfigs find the files that they name. */
export class KubeconfigScene {
  readonly #world: World;
  readonly #server: TlsApiServer;

  private constructor(world: World, server: TlsApiServer) {
    this.#world = world;
    this.#server = server;
  }

  static async start(): Promise<KubeconfigScene> {
    const authority = await makeAuthority();
    const world = new World();
    mkdirSync(path.join(world.directory, 'home'));
    const pair = await authority.client('alice');
    world.file('a.crt', pair.certificate);
    world.file('a.key', pair.key);
    world.file('ca.crt', authority.certificate);
    world.file('token', 'of-the-file\n');
    world.file('empty', '\n');
    world.file('nothing', '');
    world.file('spaces', ' \n of-the-file \n\n');
    world.file('lines', 'one\ntwo\n');
    for (const [name, version] of [['get-token', 'v1'] as const, ['get-beta', 'v1beta1'] as const]) {
      const apiVersion = `client.authentication.k8s.io/${version}`;
      const credential = { apiVersion, kind: 'ExecCredential', status: { token: 'of-the-program' } };
      world.file(name, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`, 0o700);
    }
    return new KubeconfigScene(world, await TlsApiServer.start(authority));
  }

  /** What the server sees where this is asked with a kubeconfig; undefined where it is asked nothing. */
  async seenWith(text: string, ask: (file: string) => Promise<unknown>): Promise<Outcome | undefined> {
    const address = this.#server.url;
    const content = text.replaceAll('SERVER', address).replaceAll('HOST', address.replace('https://', ''));
    this.#server.seen.length = 0;
    await ask(this.#world.file('config', content));
    const [seen] = this.#server.seen;
    if (!seen) return undefined;
    const { certificate } = seen;
    // A header's bytes come as if they were Latin-1.
    const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString();
    const authorization = seen.authorization === undefined ? undefined : utf8(seen.authorization);
    const impersonation = seen.impersonation.map(utf8).sort();
    return {
      below: seen.path.slice(0, seen.path.search(/\/(version|api)\b/)),
      ...(authorization === undefined ? {} : { authorization }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(impersonation.length === 0 ? {} : { impersonation }),
    };
  }

  async stop(): Promise<void> {
    this.#world.dispose();
    await this.#server.stop();
  }
}
