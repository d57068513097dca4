// log VKEY LEAVES OLD NEW [RECEIPT...] - is it a log as golang.org/x/mod has
// them?  LEAVES has a leaf a line, OLD and NEW are checkpoints of it, signed
// by VKEY; every leaf below NEW is proven to be in it, and its growth from
// OLD.  Receipts are read here and their proofs, not x/mod's, are checked.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type hashes []tlog.Hash

func (h hashes) ReadHashes(at []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range at {
		if i >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", i)
		}
		out = append(out, h[i])
	}
	return out, nil
}

// Who is asked gives an error, or none.
func must(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

func read(name string) []byte {
	data, err := os.ReadFile(name)
	must(name, err)
	return data
}

func open(name string, raw []byte, v note.Verifier) (int64, tlog.Hash) {
	n, err := note.Open(raw, note.VerifierList(v))
	must(name, err)
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != v.Name() {
		must(name, fmt.Errorf("not a checkpoint of %s", v.Name()))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(name, err)
	root, err := tlog.ParseHash(lines[2])
	must(name, err)
	return size, root
}

// What follows a word that the line must begin with.
func after(word, line string) string {
	if !strings.HasPrefix(line, word) {
		must(line, fmt.Errorf("not '%s'", word))
	}
	return line[len(word):]
}

// The lines that a reader of receipts needs.
func receipt(name string, v note.Verifier) {
	parts := bytes.SplitN(read(name), []byte("\n\n"), 2)
	lines := strings.Split(string(parts[0]), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		must(name, fmt.Errorf("not a receipt"))
	}
	leaf, err := base64.StdEncoding.DecodeString(after("extra ", lines[1]))
	must(name, err)
	index, err := strconv.ParseInt(after("index ", lines[2]), 10, 64)
	must(name, err)
	var p tlog.RecordProof
	for _, line := range lines[3:] {
		h, err := tlog.ParseHash(line)
		must(name, err)
		p = append(p, h)
	}
	size, root := open(name, parts[1], v)
	must(name, tlog.CheckRecord(p, size, root, index,
		tlog.RecordHash(leaf)))
}

func main() {
	var h hashes
	var leaf []tlog.Hash
	v, err := note.NewVerifier(os.Args[1])
	must(os.Args[1], err)
	lines := bytes.Split(read(os.Args[2]), []byte("\n"))
	for n, line := range lines[:len(lines)-1] {
		x, err := tlog.StoredHashes(int64(n), line, h)
		must("hash", err)
		h, leaf = append(h, x...), append(leaf, tlog.RecordHash(line))
	}
	old, oldRoot := open("old", read(os.Args[3]), v)
	size, root := open("new", read(os.Args[4]), v)
	got, err := tlog.TreeHash(size, h)
	must("root", err)
	if got != root {
		must("root", fmt.Errorf("is %v", got))
	}
	for i := int64(0); i < size; i++ {
		p, err := tlog.ProveRecord(size, i, h)
		must("prove", err)
		must("leaf", tlog.CheckRecord(p, size, root, i, leaf[i]))
	}
	q, err := tlog.ProveTree(size, old, h)
	must("prove", err)
	must("growth", tlog.CheckTree(q, size, root, old, oldRoot))
	for _, name := range os.Args[5:] {
		receipt(name, v)
	}
	fmt.Println(size, "leaves,", len(os.Args[5:]), "receipts")
}
