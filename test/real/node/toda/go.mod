module distdiag/test/real/node/toda

go 1.26.0
