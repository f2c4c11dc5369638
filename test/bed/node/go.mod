module distdiag/bed

go 1.26.0

require (
	github.com/go-sql-driver/mysql v1.10.1
	github.com/hanwen/go-fuse/v2 v2.12.1
	golang.org/x/sys v0.50.0
)

require filippo.io/edwards25519 v1.2.0 // indirect
