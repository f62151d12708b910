/**
 * Makes a world's /usr, /etc, /var and /root writable without a change to the machine, and repeats
 * the world's binds there. In sh, to run first.
 */
export const WRITABLE = `
set -eu
mkdir /run/new
mount -t tmpfs none /run/new
for each in usr etc var root; do
  mkdir -p /run/new/$each /run/new/.$each
  options=lowerdir=/$each,upperdir=/run/new/$each,workdir=/run/new/.$each,userxattr
  mount -t overlay overlay -o $options /$each
done
while IFS='	' read -r from to; do mount --bind "$from" "$to"; done < binds
`;
