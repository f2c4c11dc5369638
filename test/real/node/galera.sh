# Starts a MariaDB server of a Galera cluster in its pod: the first that finds no data of its own and no peer begins
# the cluster, the others join it. /peers tells the addresses of the cluster's pods, as a database's operator does.
set -e
data=/home/admin/data-file/db
echo "$POD_IP" >"/peers/$ORDINAL"
serves() { (echo >"/dev/tcp/$1/4567") 2>/dev/null; }
others() { cat /peers/* | grep -vxF "$POD_IP" || true; }
any_serves() {
  for peer in $(others); do serves "$peer" && return; done
  return 1
}
server=(mariadbd --no-defaults --user=mysql --datadir=$data --socket=/tmp/mysql.sock --pid-file=/tmp/mysql.pid
    --port=2881 --bind-address=0.0.0.0 --skip-name-resolve --performance-schema=OFF --max-connections=400
    --innodb-buffer-pool-size=64M --innodb-log-file-size=48M --innodb-flush-method=O_DIRECT
    --innodb-flush-log-at-trx-commit=1 --innodb-autoinc-lock-mode=2 --innodb-lock-wait-timeout=20 --binlog-format=ROW
    --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-cluster-name=distdiag
    --wsrep-node-name="$HOSTNAME" --wsrep-node-address="$POD_IP" --wsrep-slave-threads=4 --wsrep-sst-method=rsync
    --wsrep-provider-options='gcache.size=32M;gcs.fc_limit=32')
if [ ! -d $data/mysql ] && [ "$ORDINAL" = 1 ] && ! any_serves; then
  mkdir -p $data
  chown mysql:mysql $data
  mariadb-install-db --no-defaults --user=mysql --datadir=$data --auth-root-authentication-method=normal --skip-test-db >/dev/null
  printf '%s;\n' 'flush privileges' 'create database test' "create user root@'%'" "grant all on *.* to root@'%' with grant option" |
    mariadbd --no-defaults --user=mysql --datadir=$data --bootstrap
  exec "${server[@]}" --wsrep-cluster-address=gcomm:// --wsrep-new-cluster
fi
mkdir -p $data
chown mysql:mysql $data
until any_serves; do sleep 1; done
position=
if [ -d $data/mysql ]; then
  # What a crash left says no position in the cluster's history: the server finds it.
  position=$("${server[@]}" --wsrep-recover 2>&1 | sed -n 's/.*Recovered position: *//p' | tail -1)
fi
exec "${server[@]}" --wsrep-cluster-address="gcomm://$(others | paste -sd,)" ${position:+--wsrep-start-position=$position}
