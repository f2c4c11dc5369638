import { describe, expect, it } from 'vitest';
import { decodeProtobuf } from '../../../../src/demo/kubernetes/requests/protobuf';

/** A length-delimited field. */
const field = (number: number, content: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from([number * 8 + 2, Buffer.byteLength(content)]), Buffer.from(content)]);
const envelope = (kind: string, raw: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    field(1, Buffer.concat([field(1, 'authorization.k8s.io/v1'), field(2, kind)])),
    field(2, raw),
  ]);

describe('the protobuf form of what kubectl creates', () => {
  it('reads an access review', () => {
    const attributes = Buffer.concat([field(1, 'oceanbase'), field(2, 'create'), field(3, ''), field(5, 'pods')]);
    expect(
      decodeProtobuf(envelope('SelfSubjectAccessReview', field(2, field(1, attributes))), 'SelfSubjectAccessReview'),
    ).toEqual({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace: 'oceanbase', verb: 'create', resource: 'pods' } },
    });
  });

  it('reads maps, and passes over numbers', () => {
    const label = field(11, Buffer.concat([field(1, 'a'), field(2, 'b')]));
    const metadata = Buffer.concat([field(1, 'new'), label, Buffer.from([7 * 8, 0x96, 0x01])]);
    expect(decodeProtobuf(envelope('Namespace', field(1, metadata)), 'Namespace')['metadata']).toEqual({
      name: 'new',
      labels: { a: 'b' },
    });
  });

  it.each([
    ['a kind without a shape', 'Pod', envelope('Pod', Buffer.alloc(0)), 415],
    ['no envelope', 'Namespace', Buffer.from('{}'), 400],
    ['a length beyond the end', 'Namespace', Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0x12, 0x7f])]), 400],
    ['a number without an end', 'Namespace', Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(12, 0xff)]), 400],
  ])('refuses %s', (_title, kind, bytes, code) => {
    expect(() => decodeProtobuf(bytes, kind)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
