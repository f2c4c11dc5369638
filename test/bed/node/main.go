// What stands around each database node of the bed, and the load on all of them. Its one argument after the command is
// a JSON object; it prints one JSON line when it is ready.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: node|exporter|populate|load JSON")
	}
	switch os.Args[1] {
	case "node":
		runNode(parse[nodeConfig](os.Args[2]))
	case "exporter":
		runExporter(parse[nodeConfig](os.Args[2]))
	case "populate":
		populateAll(parse[loadConfig](os.Args[2]))
	case "load":
		runLoad(parse[loadConfig](os.Args[2]))
	default:
		log.Fatal("no such command: ", os.Args[1])
	}
}

func parse[T any](text string) T {
	var value T
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		log.Fatal(err)
	}
	return value
}

// serve answers on a free port of loopback, which it prints.
func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("{\"port\":%d}\n", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, nil))
}

// order takes a JSON order by HTTP POST.
func order[T any](path string, obey func(T) error) {
	http.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
		var value T
		err := json.NewDecoder(r.Body).Decode(&value)
		if err == nil {
			err = obey(value)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
}
