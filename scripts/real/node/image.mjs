import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

async function digestOf(file) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

/** A folder as a layer of an image. */
export function layerOf(folder, layer) {
  execFileSync('tar', ['-C', folder, '--owner=0', '--group=0', '-cf', layer, '.']);
  return layer;
}

/**
 * Makes images of layers (tar archives on the same disk), without a registry: an OCI image layout in `folder`, as
 * `ctr images import` takes it in a tar archive. `images` has the layers of each name.
 */
export async function writeImages(folder, images) {
  const blobs = path.join(folder, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const digests = new Map();
  for (const layer of new Set(Object.values(images).flat())) {
    const digest = await digestOf(layer);
    digests.set(layer, digest);
    if (!existsSync(path.join(blobs, digest))) symlinkSync(layer, path.join(blobs, digest));
  }
  const blob = (value) => {
    const text = JSON.stringify(value);
    const digest = sha256(text);
    writeFileSync(path.join(blobs, digest), text);
    return { digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
  };
  const manifests = Object.entries(images).map(([name, layers]) => {
    const config = blob({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['/pause'] },
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${digests.get(layer)}`) },
    });
    const manifest = blob({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: layers.map((layer) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar',
        digest: `sha256:${digests.get(layer)}`,
        size: statSync(layer).size,
      })),
    });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    return { mediaType, ...manifest, annotations: { 'io.containerd.image.name': name } };
  });
  writeFileSync(path.join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}
