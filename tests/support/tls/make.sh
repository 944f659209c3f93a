#!/bin/sh
# Makes the certificates of the https servers that tests and benchmarks run on loopback: a CA that nothing trusts but the test that is
# handed ca.crt, and a server's key and certificate for *.provider.test. The CA's own key is thrown away.
# Run in this folder: sh make.sh (needs OpenSSL 3).
set -eu
days=36500
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -x509 -new -key ca.key -sha256 -days "$days" -subj "/CN=Countinghouse tests" -out ca.crt \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out server.key
openssl req -new -key server.key -subj "/CN=provider.test" -out server.csr
printf 'subjectAltName=DNS:provider.test,DNS:*.provider.test\nextendedKeyUsage=serverAuth\n' > extensions
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -sha256 -days "$days" -extfile extensions -out server.crt
rm -f ca.key ca.srl server.csr extensions
