package main

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// engine asks a server for its counters from within its network namespace, as an exporter in the same pod does.
type engine struct {
	config nodeConfig
	db     *sql.DB
}

func newEngine(c nodeConfig) *engine {
	return &engine{c, openDatabase(c.Netns, fmt.Sprintf("127.0.0.1:%d", c.SQLPort), "", 2, nil)}
}

func (e *engine) metrics(out *exposition) error {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
	defer cancel()
	if e.config.Engine == "seekdb" {
		return e.oceanbase(ctx, out)
	}
	return e.mysql(ctx, out)
}

// each hands the rows of an answer over as texts.
func (e *engine) each(ctx context.Context, query string, use func(row []string)) error {
	rows, err := e.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	row, places := make([]string, len(columns)), make([]any, len(columns))
	for i := range row {
		places[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		use(row)
	}
	return rows.Err()
}

// The statistics that obagent exports of an OceanBase 4 (its configuration of the plug-in mysqlTableInput), and the
// log's own 80001 and 80003, which it does not.
const obagentStatistics = "10000,10001,10002,10003,10004,10005,10006,20000,20001,20002," +
	"30000,30001,30002,30005,30006,30007,30008,30009,30010,30011,30012,30013," +
	"40000,40001,40002,40003,40004,40005,40006,40007,40008,40009,40010,40011,40012,40018,40019,40030," +
	"50000,50001,50004,50005,50008,50009,50010,50011,50037,50038," +
	"60000,60001,60002,60003,60004,60005,60019,60020,60021,60022,60023,60024,60087," +
	"80001,80003,80040,80041,80057,120000,120001,120008,120009,130000,130001,130002,130004,140002,140003,140005,140006"

// Groups as obagent forms them.
const eventGroup = "case when event_id = 10000 then 'INTERNAL' when event_id = 13000 then 'SYNC_RPC' " +
	"when event_id = 14003 then 'ROW_LOCK_WAIT' when event_id between 10001 and 11006 or event_id between 11008 and 11011 then 'IO' " +
	"when event like 'latch:%' then 'LATCH' else 'OTHER' end"

func (e *engine) oceanbase(ctx context.Context, out *exposition) error {
	c := e.config
	server := []string{"app", "OB", "svr_ip", c.IP, "svr_port", strconv.Itoa(c.SQLPort), "obzone", c.Zone,
		"ob_cluster_name", "obcluster", "ob_cluster_id", "1", "ob_tenant_id", "1", "tenant_name", "sys"}
	with := func(more ...string) []string { return append(slices.Clone(server), more...) }
	number := func(text string) float64 { value, _ := strconv.ParseFloat(text, 64); return value }

	type event struct {
		id, name, group string
		waits, seconds  float64
	}
	var events []event
	if err := e.each(ctx, "select stat_id, value from oceanbase.gv$sysstat where class < 1000 and stat_id in ("+obagentStatistics+")",
		func(row []string) { out.add("untyped", "ob_sysstat", number(row[1]), with("stat_id", row[0])) }); err != nil {
		return err
	}
	if err := e.each(ctx, "select count(*), coalesce(sum(state = 'ACTIVE'), 0) from oceanbase.gv$ob_processlist", func(row []string) {
		out.gauge("ob_all_session_num", number(row[0]), server...)
		out.gauge("ob_active_session_num", number(row[1]), server...)
	}); err != nil {
		return err
	}
	if err := e.each(ctx, "select event_id, event, "+eventGroup+", total_waits, time_waited_micro / 1000000 from oceanbase.gv$system_event "+
		"where total_waits > 0 and wait_class <> 'IDLE'", func(row []string) {
		events = append(events, event{row[0], row[1], row[2], number(row[3]), number(row[4])})
	}); err != nil {
		return err
	}
	groups := map[string]*event{}
	total := event{}
	for _, one := range events {
		if groups[one.group] == nil {
			groups[one.group] = &event{}
		}
		for _, sum := range []*event{groups[one.group], &total} {
			sum.waits += one.waits
			sum.seconds += one.seconds
		}
	}
	out.counter("ob_waitevent_wait_total", total.waits, server...)
	out.counter("ob_waitevent_wait_seconds_total", total.seconds, server...)
	for group, sum := range groups {
		out.counter("ob_system_event_total_waits", sum.waits, with("event_group", group)...)
	}
	for group, sum := range groups {
		out.counter("ob_system_event_time_waited", sum.seconds, with("event_group", group)...)
	}
	// No exporter's: each event alone, for whoever looks for what tells faults apart.
	for _, one := range events {
		out.counter("bed_event_waits_total", one.waits, with("event_id", one.id, "event", one.name)...)
	}
	for _, one := range events {
		out.counter("bed_event_wait_seconds_total", one.seconds, with("event_id", one.id, "event", one.name)...)
	}
	return nil
}

// The families that mysqld_exporter makes of several status variables each.
var statusFamily = regexp.MustCompile(`^(com|handler|innodb_buffer_pool_pages|innodb_rows)_(.*)$`)

func (e *engine) mysql(ctx context.Context, out *exposition) error {
	own := labels{"namespace", e.config.Namespace, "pod", e.config.Pod}
	type sample struct {
		kind, name string
		value      float64
		labels     labels
	}
	samples := []sample{{"gauge", "mysql_up", 1, own}}
	put := func(kind, name string, value float64, more ...string) {
		samples = append(samples, sample{kind, "mysql_global_status_" + name, value, append(slices.Clone(own), more...)})
	}
	if err := e.each(ctx, "show global status", func(row []string) {
		name := strings.ToLower(row[0])
		value, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			return
		}
		parts := statusFamily.FindStringSubmatch(name)
		switch {
		case parts == nil:
			put("untyped", name, value)
		case parts[1] == "com":
			put("counter", "commands_total", value, "command", parts[2])
		case parts[1] == "handler":
			put("counter", "handlers_total", value, "handler", parts[2])
		case parts[1] == "innodb_rows":
			put("counter", "innodb_row_ops_total", value, "operation", parts[2])
		case slices.Contains([]string{"data", "free", "misc", "old"}, parts[2]):
			put("gauge", "buffer_pool_pages", value, "state", parts[2])
		case parts[2] == "dirty":
			put("gauge", "buffer_pool_dirty_pages", value)
		case parts[2] != "total":
			put("counter", "buffer_pool_page_changes_total", value, "operation", parts[2])
		}
	}); err != nil {
		return err
	}
	slices.SortStableFunc(samples, func(a, b sample) int { return strings.Compare(a.name, b.name) })
	for _, one := range samples {
		out.add(one.kind, one.name, one.value, one.labels)
	}
	return nil
}
