/**
 * In sh, where a world's commands start: its /usr, /etc, /var and /root can be written; nothing of
 * it reaches the machine. What was bound there is so again.
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
