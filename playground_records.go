package main

import (
	"context"
	"fmt"
	"time"

	"dispatch/salesforce/orgtest"
)

const (
	dealMoves = 8 * time.Second // from one change in the local org to the next
	openDeals = 4
)

// customers are whose deals they are.
var customers = []string{"Acme", "Globex", "Initech", "Umbrella", "Hooli"}

// dealStages are those that a deal goes through before it is won or lost.
var dealStages = []string{"Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review"}

// market is the life of the local org: deals come, move on, are won or lost, and go, for who polls it.
type market struct {
	org      *orgtest.Tables
	accounts []string // ids, as customers
	made     int
	deals    []renewal // the open ones; the first is the next to move
}

// renewal is a deal.
type renewal struct {
	id    string
	stage int
	wins  bool
}

func newMarket(org *orgtest.Org) *market {
	text := func(names ...string) (fields []orgtest.Field) {
		for _, name := range names {
			fields = append(fields, orgtest.Field{Name: name})
		}
		return fields
	}
	account := orgtest.Field{Name: "AccountId", Type: "reference", Relationship: "Account", To: []string{"Account"}}
	m := &market{org: org.AddTables(
		orgtest.Table{Name: "Account", Fields: text("Name", "Industry", "Phone")},
		orgtest.Table{Name: "Case", Fields: append(text("CaseNumber", "Subject", "Status", "Priority", "Origin"), account)},
		orgtest.Table{Name: "Lead", Fields: text("Name", "Company", "Status")},
		orgtest.Table{Name: "Opportunity", Fields: append(text("Name", "StageName"), account,
			orgtest.Field{Name: "Amount", Type: "currency"}, orgtest.Field{Name: "Probability", Type: "percent"},
			orgtest.Field{Name: "CloseDate", Type: "date"}, orgtest.Field{Name: "IsClosed", Type: "boolean"},
			orgtest.Field{Name: "IsWon", Type: "boolean"})},
	)}
	for _, name := range customers {
		m.accounts = append(m.accounts, m.org.Insert("Account", map[string]any{"Name": name}))
	}
	for range openDeals {
		m.open()
	}
	return m
}

// Run has something change now and then, until ctx ends.
func (m *market) Run(ctx context.Context) error {
	tick := time.NewTicker(dealMoves)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			m.move()
		}
	}
}

// move takes the deal that waits longest a stage further. One that ends makes room for another.
func (m *market) move() {
	d := m.deals[0]
	m.deals = m.deals[1:]
	if d.stage++; d.stage < len(dealStages) {
		m.org.Update(d.id, map[string]any{"StageName": dealStages[d.stage], "Probability": 20 * d.stage})
		m.deals = append(m.deals, d)
		return
	}
	end, chance := "Closed Lost", 0
	if d.wins {
		end, chance = "Closed Won", 100
	}
	m.org.Update(d.id, map[string]any{"StageName": end, "Probability": chance, "IsClosed": true, "IsWon": d.wins})
	if !d.wins {
		m.org.Delete(d.id)
	}
	m.open()
}

func (m *market) open() {
	m.made++
	customer := m.made % len(customers)
	id := m.org.Insert("Opportunity", map[string]any{
		"Name": fmt.Sprintf("%s - Renewal %d", customers[customer], m.made), "StageName": dealStages[0], "Amount": 5000 * m.made, "Probability": 0,
		"CloseDate": time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "IsClosed": false, "IsWon": false, "AccountId": m.accounts[customer],
	})
	m.deals = append(m.deals, renewal{id: id, wins: m.made%3 != 0})
}
