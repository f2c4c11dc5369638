import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** PEM texts. */
interface Pair {
  certificate: string;
  key: string;
}

/** An authority of the test's own, and what it signs. */
export interface Authority {
  certificate: string;
  /** For a server on loopback. */
  server(): Promise<Pair>;
  client(name: string): Promise<Pair>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const generate = async (): Promise<CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
const valid = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };

/** Makes an authority that nobody else knows. */
export async function makeAuthority(name = 'test-ca'): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const keys = await generate();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    ...valid,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const sign = async (subject: string, serialNumber: string, extensions: x509.Extension[]): Promise<Pair> => {
    const own = await generate();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber,
      subject: `CN=${subject}`,
      issuer: root.subject,
      ...valid,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions,
    });
    const exported = await webcrypto.subtle.exportKey('pkcs8', own.privateKey as webcrypto.CryptoKey);
    return { certificate: certificate.toString('pem'), key: x509.PemConverter.encode(exported, 'PRIVATE KEY') };
  };
  return {
    certificate: root.toString('pem'),
    server: () =>
      sign('server', '02', [
        new x509.SubjectAlternativeNameExtension([
          { type: 'ip', value: '127.0.0.1' },
          { type: 'dns', value: 'api.test' },
        ]),
      ]),
    client: (subject) => sign(subject, '03', []),
  };
}
