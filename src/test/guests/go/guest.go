package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	command := ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	switch command {
	case "hello":
		// A goroutine says it, so that the scheduler has some work.
		said := make(chan bool)
		go func() {
			fmt.Println("hello from Go")
			close(said)
		}()
		<-said
		fmt.Fprintln(os.Stderr, "Go complains")
	case "args":
		for _, arg := range os.Args[2:] {
			fmt.Printf("[%s]\n", arg)
		}
	case "env":
		absent, found := os.LookupEnv("ABSENT")
		if !found {
			absent = "absent"
		}
		fmt.Printf("%s, %s\n", os.Getenv("GREETING"), absent)
	case "file":
		text, err := os.ReadFile("/data/in.txt")
		if err == nil {
			err = os.WriteFile("/data/out.txt", append([]byte("Go read: "), text...), 0o600)
		}
		if err != nil {
			panic(err)
		}
	case "exit":
		status, err := strconv.Atoi(os.Args[2])
		if err != nil {
			panic(err)
		}
		os.Exit(status)
	case "crash":
		panic("Go crashes")
	case "return":
	default:
		os.Exit(64)
	}
}
