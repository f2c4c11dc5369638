package main

import (
	"context"
	"database/sql"
	"math/rand"
	"time"
)

// session is one terminal's connection.
type session struct {
	load *load
	home *home
	r    *rand.Rand
	conn *sql.Conn
	err  error // of the transaction so far
}

func (s *session) leave() {
	if s.conn != nil {
		s.conn.Close()
		s.conn = nil
	}
}

// run executes a statement, unless one before has failed.
func (s *session) run(query string, args ...any) {
	if s.err == nil {
		_, s.err = s.conn.ExecContext(context.Background(), query, args...)
	}
}

// read returns the first column of the first row, where that is a number.
func (s *session) read(query string, args ...any) (first int64) {
	if s.err != nil {
		return 0
	}
	rows, err := s.conn.QueryContext(context.Background(), query, args...)
	if s.err = err; err != nil {
		return 0
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	values, places := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for count := 0; rows.Next(); count++ {
		if s.err = rows.Scan(places...); s.err != nil {
			return 0
		}
		if count == 0 {
			first = leadingNumber(values[0])
		}
	}
	s.err = rows.Err()
	return first
}

func leadingNumber(text []byte) (number int64) {
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			break
		}
		number = number*10 + int64(digit-'0')
	}
	return number
}

func (s *session) amount() float64 { return float64(s.r.Intn(500_000)) / 100 }

// transaction does one of the six kinds, in about the shares of TPC-C.
func (s *session) transaction() error {
	s.err = nil
	w := warehouse(s.home.node, s.r.Intn(warehouses))
	d, c := 1+s.r.Intn(districts), 1+s.r.Intn(customers)
	switch kind := s.r.Intn(100); {
	case kind < 10:
		s.readArchive()
	case kind < 14:
		s.orderStatus(w, d, c)
	case kind < 16:
		s.stockLevel(w, d)
	case kind < 20:
		s.writing(func() { s.deliver(w, d, c) })
	case kind < 60:
		s.writing(func() { s.newOrder(w, d, c) })
	default:
		s.writing(func() { s.payment(w, d, c) })
	}
	return s.err
}

// writing ends with a commit; one in a hundred is rolled back, as in TPC-C.
func (s *session) writing(work func()) {
	s.run("begin")
	work()
	if s.err == nil && s.r.Intn(100) > 0 {
		s.run("commit")
		if s.err == nil {
			return
		}
	}
	if _, err := s.conn.ExecContext(context.Background(), "rollback"); err != nil {
		s.err = err
	}
}

func (s *session) newOrder(w, d, c int) {
	s.read("select c_balance, c_data from customer where c_w_id=? and c_d_id=? and c_id=?", w, d, c)
	s.read("select w_ytd from warehouse where w_id=?", w)
	o := s.read("select d_next from district where d_w_id=? and d_id=? for update", w, d)
	s.run("update district set d_next=d_next+1 where d_w_id=? and d_id=?", w, d)
	lines := 3 + s.r.Intn(5)
	s.run("insert into orders values(?,?,?,?,?,null,?)", w, d, o, c, lines, time.Now().UnixMilli())
	s.run("insert into new_order values(?,?,?)", w, d, o)
	for line := range lines {
		i := 1 + s.r.Intn(items)
		s.read("select i_price, i_name from item where i_id=?", i)
		s.read("select s_quantity, s_data from stock where s_w_id=? and s_i_id=?", w, i)
		s.run("update stock set s_quantity=if(s_quantity>10, s_quantity-3, s_quantity+91), s_ytd=s_ytd+3, s_count=s_count+1 where s_w_id=? and s_i_id=?", w, i)
		s.run("insert into order_line values(?,?,?,?,?,3,?,?)", w, d, o, line, i, s.amount()/100, text(s.r, 24))
	}
	s.remoteStock()
}

func (s *session) payment(w, d, c int) {
	amount := s.amount()
	s.run("update district set d_ytd=d_ytd+? where d_w_id=? and d_id=?", amount, w, d)
	s.read("select c_balance, c_data from customer where c_w_id=? and c_d_id=? and c_id=?", w, d, c)
	s.run("update customer set c_balance=c_balance-?, c_count=c_count+1 where c_w_id=? and c_d_id=? and c_id=?", amount, w, d, c)
	s.run("insert into history(h_w_id, h_c_id, h_amount, h_data) values(?,?,?,?)", w, c, amount, text(s.r, 20))
	s.remoteStock()
	s.run("update warehouse set w_ytd=w_ytd+? where w_id=?", amount, w)
}

func (s *session) deliver(w, d, c int) {
	o := s.read("select n_o_id from new_order where n_w_id=? and n_d_id=? order by n_o_id limit 1", w, d)
	if o == 0 {
		return
	}
	s.run("delete from new_order where n_w_id=? and n_d_id=? and n_o_id=?", w, d, o)
	s.run("update orders set o_carrier=3 where o_w_id=? and o_d_id=? and o_id=?", w, d, o)
	s.read("select sum(l_amount) from order_line where l_w_id=? and l_d_id=? and l_o_id=?", w, d, o)
	s.run("update customer set c_balance=c_balance+5, c_count=c_count+1 where c_w_id=? and c_d_id=? and c_id=?", w, d, c)
}

func (s *session) orderStatus(w, d, c int) {
	s.read("select c_balance from customer where c_w_id=? and c_d_id=? and c_id=?", w, d, c)
	next := s.read("select d_next from district where d_w_id=? and d_id=?", w, d)
	o := max(1, next-1-s.r.Int63n(10))
	s.read("select l_i_id, l_quantity, l_amount from order_line where l_w_id=? and l_d_id=? and l_o_id=?", w, d, o)
}

func (s *session) stockLevel(w, d int) {
	next := s.read("select d_next from district where d_w_id=? and d_id=?", w, d)
	s.read("select count(distinct s_i_id) from order_line join stock on s_w_id=l_w_id and s_i_id=l_i_id "+
		"where l_w_id=? and l_d_id=? and l_o_id between ? and ? and s_quantity<20", w, d, next-20, next)
}

// readArchive mostly misses the cache.
func (s *session) readArchive() {
	w := warehouse(s.home.node, 0)
	for range 2 {
		s.read("select a_reads, a_data from archive where a_w_id=? and a_id=?", w, 1+s.r.Intn(s.load.config.ArchiveRows))
	}
	if s.r.Intn(4) == 0 {
		s.run("update archive set a_reads=a_reads+1 where a_w_id=? and a_id=?", w, 1+s.r.Intn(s.load.config.ArchiveRows))
	}
}

// remoteStock changes a row of another node while this transaction is open; where each node is a database of its own,
// by a transaction of its own there.
func (s *session) remoteStock() {
	other := s.load.homes[s.r.Intn(len(s.load.homes))]
	if s.err != nil || s.r.Float64() >= s.load.config.Remote || other == s.home {
		return
	}
	const query = "update stock set s_quantity=s_quantity-1, s_count=s_count+1 where s_w_id=? and s_i_id=?"
	w, i := warehouse(other.node, s.r.Intn(warehouses)), 1+s.r.Intn(items)
	if s.load.config.Shared {
		s.run(query, w, i)
	} else {
		_, s.err = other.db.Exec(query, w, i)
	}
}
