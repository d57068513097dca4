// proofs SIZE - judge proofs by golang.org/x/mod, in trees of up to SIZE
// leaves, of which leaf i is the decimal digits of i.  Standard input has
// lines "root SIZE HASH", "leaf INDEX SIZE HASH..." and "growth OLD SIZE
// HASH...", in hex.  Each has to hold, and not to hold with one bit changed.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

type hashes []tlog.Hash

func (h hashes) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, at := range at {
		out[i] = h[at]
	}
	return out, nil
}

var (
	stored hashes
	leaf   []tlog.Hash
	roots  = map[int64]tlog.Hash{}
	number int
)

func bad(why any) {
	fmt.Fprintf(os.Stderr, "line %d: %v\n", number, why)
	os.Exit(1)
}

func plant(n int64) {
	for i := int64(0); i < n; i++ {
		data := []byte(strconv.FormatInt(i, 10))
		x, err := tlog.StoredHashes(i, data, stored)
		if err != nil {
			bad(err)
		}
		stored = append(stored, x...)
		leaf = append(leaf, tlog.RecordHash(data))
	}
}

func root(n int64) tlog.Hash {
	r, known := roots[n]
	if !known {
		var err error
		if r, err = tlog.TreeHash(n, stored); err != nil {
			bad(err)
		}
		roots[n] = r
	}
	return r
}

// It holds as it is, and with no bit of it changed.
func judge(p []tlog.Hash, root *tlog.Hash, holds func() error) {
	if err := holds(); err != nil {
		bad(err)
	}
	at := root
	if len(p) > 0 {
		at = &p[number%len(p)]
	}
	at[number%tlog.HashSize] ^= 1 << (number % 8)
	if holds() == nil {
		bad("holds although a bit is changed")
	}
}

func main() {
	n, err := strconv.ParseInt(os.Args[1], 10, 64)
	if err != nil {
		bad(err)
	}
	plant(n)
	count := map[string]int{}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		number++
		word := strings.Fields(in.Text())
		var at []int64
		var p []tlog.Hash
		for _, w := range word[1:] {
			if len(w) < 2*tlog.HashSize {
				i, err := strconv.ParseInt(w, 10, 64)
				if err != nil {
					bad(err)
				}
				at = append(at, i)
				continue
			}
			var h tlog.Hash
			if _, err := hex.Decode(h[:], []byte(w)); err != nil {
				bad(err)
			}
			p = append(p, h)
		}
		count[word[0]]++
		switch word[0] {
		case "root":
			if root(at[0]) != p[0] {
				bad("another root")
			}
		case "leaf":
			r := root(at[1])
			judge(p, &r, func() error {
				return tlog.CheckRecord(p, at[1], r, at[0],
					leaf[at[0]])
			})
		case "growth":
			r := root(at[1])
			judge(p, &r, func() error {
				return tlog.CheckTree(p, at[1], r, at[0],
					root(at[0]))
			})
		default:
			bad(word[0])
		}
	}
	if in.Err() != nil {
		bad(in.Err())
	}
	fmt.Println(count["root"], count["leaf"], count["growth"])
}
