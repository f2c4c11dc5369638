const escapes = (text: string): string | undefined => {
  const wrong = /%(?![\da-f]{2})/i.exec(text);
  return wrong ? `invalid URL escape ${JSON.stringify(text.slice(wrong.index, wrong.index + 3))}` : undefined;
};

/** What Go's `url.ParseRequestURI` says of a text that it does not take; undefined where it takes it. */
export function requestUriError(text: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- those are what it refuses
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'net/url: invalid control character in URL';
  if (text === '') return 'empty url';
  if (text === '*') return undefined;
  if (text.startsWith(':')) return 'missing protocol scheme';
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  const rest = (scheme === undefined ? text : text.slice(scheme.length + 1)).replace(/\?[\s\S]*$/, '');
  if (!rest.startsWith('/')) return scheme === undefined ? 'invalid URI for request' : undefined;
  if (scheme === undefined || !rest.startsWith('//')) return escapes(rest);
  const authority = /^\/\/([^/]*)/.exec(rest)?.[1] ?? '';
  return authorityError(scheme, authority) ?? escapes(rest.slice(2 + authority.length));
}

function authorityError(scheme: string, authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const host = hostError(scheme, authority.slice(at + 1));
  if (host !== undefined || at < 0) return host;
  const user = authority.slice(0, at);
  return /^[\w\-.:~!$&'()*+,;=%@]*$/.test(user) ? escapes(user) : 'net/url: invalid userinfo';
}

function hostError(scheme: string, host: string): string | undefined {
  const port = (given: string): string | undefined =>
    /^(:\d*)?$/.test(given) ? undefined : `invalid port ${JSON.stringify(given)} after host`;
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) return 'invalid IP-literal';
  if (bracket === 0) {
    const end = host.lastIndexOf(']');
    if (end < 0) return "missing ']' in host";
    const address = host.slice(1, end).replace(/%25.*$/, '');
    return port(host.slice(end + 1)) ?? (isIpv6(address) ? undefined : 'invalid host');
  }
  const [first, last] = [host.indexOf(':'), host.lastIndexOf(':')];
  const colon = scheme === 'http' || scheme === 'https' ? first : last;
  const wrong = first < 0 ? undefined : port(host.slice(colon));
  if (wrong !== undefined) return wrong;
  const escape = escapes(host) ?? /%(?!25)[0-7][\da-f]/i.exec(host)?.[0];
  if (escape !== undefined) return escape.startsWith('%') ? `invalid URL escape ${JSON.stringify(escape)}` : escape;
  const letter = /[^\w\-.~!$&'()*+,;=:[\]<>"%\u0080-\uffff]/.exec(host)?.[0];
  return letter === undefined ? undefined : `invalid character ${JSON.stringify(letter)} in host name`;
}

/** An IPv6 address, where `::` stands for at least one group and the end may be an IPv4 address. */
function isIpv6(text: string): boolean {
  const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
  const parts = text.split('::');
  if (parts.length > 2) return false;
  const groups = parts.flatMap((part) => (part === '' ? [] : part.split(':')));
  const last = groups.at(-1) ?? '';
  const mapped = last.includes('.') && ipv4.test(last) && !(parts.length === 2 && parts[1] === '');
  const plain = mapped ? groups.slice(0, -1) : groups;
  if (!plain.every((one) => /^[\da-f]{1,4}$/i.test(one))) return false;
  const count = plain.length + (mapped ? 2 : 0);
  return parts.length === 2 ? count < 8 : count === 8;
}
