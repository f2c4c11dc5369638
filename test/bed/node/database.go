package main

import (
	"database/sql"
	"log"
	"math/rand"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"
)

// openDatabase connects from within a network namespace; from its own where none is named. Each session has these
// variables.
func openDatabase(netns, address, name string, connections int, variables map[string]string) *sql.DB {
	config := mysql.NewConfig()
	config.User = "root"
	config.Net = "tcp"
	if netns != "" {
		config.Net = "in-" + netns
		mysql.RegisterDialContext(config.Net, dialIn(netns))
	}
	config.Addr = address
	config.DBName = name
	config.InterpolateParams = true
	config.Params = variables
	config.ReadTimeout = 2 * time.Minute
	config.WriteTimeout = 2 * time.Minute
	config.Logger = log.New(os.Stderr, "", 0)
	connector, err := mysql.NewConnector(config)
	if err != nil {
		log.Fatal(err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db
}

// The sizes of a small TPC-C; each node is the home of its own warehouses.
const (
	warehouses = 2
	districts  = 10
	customers  = 300
	items      = 5000
)

func warehouse(node, number int) int { return node*10 + number + 1 }

var tables = []string{
	"warehouse(w_id int primary key, w_ytd decimal(14,2), w_name varchar(20))",
	"district(d_w_id int, d_id int, d_next int, d_ytd decimal(14,2), primary key(d_w_id, d_id))",
	"customer(c_w_id int, c_d_id int, c_id int, c_balance decimal(14,2), c_count int, c_data varchar(400), primary key(c_w_id, c_d_id, c_id))",
	"item(i_id int primary key, i_price decimal(8,2), i_name varchar(30))",
	"stock(s_w_id int, s_i_id int, s_quantity int, s_ytd int, s_count int, s_data varchar(60), primary key(s_w_id, s_i_id))",
	"orders(o_w_id int, o_d_id int, o_id int, o_c_id int, o_lines int, o_carrier int, o_at bigint, primary key(o_w_id, o_d_id, o_id))",
	"new_order(n_w_id int, n_d_id int, n_o_id int, primary key(n_w_id, n_d_id, n_o_id))",
	"order_line(l_w_id int, l_d_id int, l_o_id int, l_n int, l_i_id int, l_quantity int, l_amount decimal(8,2), l_info char(24), primary key(l_w_id, l_d_id, l_o_id, l_n))",
	"history(h_id bigint primary key auto_increment, h_w_id int, h_c_id int, h_amount decimal(8,2), h_data varchar(24))",
	"archive(a_w_id int, a_id int, a_reads int, a_data varchar(4000), primary key(a_w_id, a_id))",
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func text(r *rand.Rand, length int) string {
	bytes := make([]byte, length)
	for i := range bytes {
		bytes[i] = letters[r.Intn(len(letters))]
	}
	return string(bytes)
}

func must(db *sql.DB, query string, args ...any) {
	if _, err := db.Exec(query, args...); err != nil {
		log.Fatalf("%.100s: %v", query, err)
	}
}

// insert writes rows by the hundred.
func insert(db *sql.DB, table string, count int, row func(i int) []any) {
	for start := 0; start < count; start += 100 {
		var places []string
		var args []any
		for i := start; i < min(count, start+100); i++ {
			values := row(i)
			places = append(places, "("+strings.TrimSuffix(strings.Repeat("?,", len(values)), ",")+")")
			args = append(args, values...)
		}
		must(db, "insert into "+table+" values "+strings.Join(places, ","), args...)
	}
}

func populate(c loadConfig, node int, db *sql.DB) {
	r := rand.New(rand.NewSource(c.Seed + int64(node)))
	for number := range warehouses {
		w := warehouse(node, number)
		must(db, "insert into warehouse values(?, 0, ?)", w, text(r, 10))
		insert(db, "district", districts, func(i int) []any { return []any{w, i + 1, 1, 0} })
		insert(db, "customer", districts*customers, func(i int) []any {
			return []any{w, i/customers + 1, i%customers + 1, 0, 0, text(r, 300)}
		})
		insert(db, "stock", items, func(i int) []any { return []any{w, i + 1, 50, 0, 0, text(r, 50)} })
	}
	insert(db, "archive", c.ArchiveRows, func(i int) []any { return []any{warehouse(node, 0), i + 1, 0, text(r, 2000)} })
}

// populateAll makes the tables and their first rows: in each server, or once where all are one database.
func populateAll(c loadConfig) {
	var wait sync.WaitGroup
	var patience map[string]string
	if !c.Shared {
		// OceanBase's kernel ends a statement after 10 s, and three servers that start at once can be slower than that.
		patience = map[string]string{"ob_query_timeout": "120000000"}
	}
	for node, address := range c.Addresses {
		if c.Shared {
			address = c.Addresses[0]
		}
		db := openDatabase(c.Router, address, "test", 4, patience)
		if node == 0 || !c.Shared {
			for _, table := range tables {
				must(db, "create table if not exists "+table)
			}
			r := rand.New(rand.NewSource(c.Seed))
			insert(db, "item", items, func(i int) []any { return []any{i + 1, float64(r.Intn(9900)+100) / 100, text(r, 20)} })
		}
		wait.Go(func() { populate(c, node, db) })
	}
	wait.Wait()
}
