/**
 * A shell script that makes libraries-1-1.noarch.rpm, which provides what Fedora's glibc, libgcc
 * and bash provide.
 */
export const LIBRARIES_RPM = `
printf '%s\\n' 'Name: libraries' 'Version: 1' 'Release: 1' 'Summary: C libraries' \\
  'License: MIT' 'BuildArch: noarch' 'Provides: libc.so.6(GLIBC_2.27)(64bit)' \\
  'Provides: libgcc_s.so.1(GCC_4.2.0)(64bit)' 'Provides: /bin/sh' \\
  '%description' 'C libraries.' '%files' >libraries.spec
rpmbuild -bb --quiet -D "_topdir $PWD/top" -D "_rpmdir $PWD" -D "_dbpath $PWD/db" \\
  -D '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' libraries.spec >/dev/null 2>&1
`;
