package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dispatch/fault"
	"dispatch/salesforce"
)

var _ salesforce.DeployStore = (*DB)(nil)

// StartDeployment implements salesforce.DeployStore. What became of nothing is not kept beyond the next one.
func (db *DB) StartDeployment(ctx context.Context, d salesforce.Deployment) error {
	archive := db.vault.seal(d.Cargo.Archive, cargoPlace("archive", d.ID))
	var secret []byte
	if d.Cargo.Secret != nil {
		secret = db.vault.seal(d.Cargo.Secret, cargoPlace("secret", d.ID))
	}
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		var under bool
		err := q.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM deployments WHERE source_id = ? AND ended_at = 0)`, d.SourceID).Scan(&under)
		if err != nil {
			return err
		}
		if under {
			return fault.New(fault.Exists, "%w", salesforce.ErrDeploying)
		}
		_, err = q.ExecContext(ctx, `DELETE FROM deployments WHERE source_id = ? AND phase IN (?, ?)`,
			d.SourceID, salesforce.DeployFailed, salesforce.DeployCancelled)
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `
			INSERT INTO deployments (id, source_id, org_id, removal, objects, phase, request_id, checked, checked_id, test_level, cancelled,
				report, trouble, started_at, ended_at, archive, secret)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			d.ID, d.SourceID, d.OrgID, d.Removal, jsonOf(d.Objects), d.Phase, d.RequestID, d.Checked, d.CheckedID, d.TestLevel, d.Cancelled,
			asJSON(d.Report), asJSON(d.Trouble), millis(d.StartedAt), millis(d.EndedAt), archive, secret)
		return err
	})
	return db.fail("start deployment", err)
}

// SaveDeployment implements salesforce.DeployStore. Of what was removed from the org, nothing but the removal is kept.
func (db *DB) SaveDeployment(ctx context.Context, d salesforce.Deployment, oldUntil time.Time) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		over := d.Phase.Over()
		_, err := q.ExecContext(ctx, `
			UPDATE deployments
			SET phase = ?2, request_id = ?3, checked = ?4, checked_id = ?5, test_level = ?6, cancelled = ?7, report = ?8, trouble = ?9,
				ended_at = ?10, archive = iif(?11, NULL, archive), secret = iif(?11, NULL, secret)
			WHERE id = ?1`,
			d.ID, d.Phase, d.RequestID, d.Checked, d.CheckedID, d.TestLevel, d.Cancelled, asJSON(d.Report), asJSON(d.Trouble), millis(d.EndedAt), over)
		if err != nil {
			return err
		}
		if !d.Removal {
			return db.keyOfDeployment(ctx, q, d, oldUntil)
		}
		if d.Phase == salesforce.DeploySucceeded {
			_, err = q.ExecContext(ctx, `DELETE FROM deployments WHERE source_id = ? AND id <> ?`, d.SourceID, d.ID)
		}
		return err
	})
	return db.fail("save deployment", err)
}

// OpenDeployments implements salesforce.DeployStore.
func (db *DB) OpenDeployments(ctx context.Context) ([]salesforce.Deployment, error) {
	found, err := list(ctx, db.readers, db.scanCargo, `
		SELECT archive, secret, `+deploymentColumns+` FROM deployments WHERE ended_at = 0 ORDER BY started_at, id`)
	return found, db.fail("list deployments", err)
}

// Deployed implements salesforce.DeployStore.
func (db *DB) Deployed(ctx context.Context, sourceID, orgID string) (salesforce.Deployed, error) {
	all, err := list(ctx, db.readers, scanDeployment, `
		SELECT `+deploymentColumns+` FROM deployments WHERE source_id = ? AND org_id = ? ORDER BY started_at, id`, sourceID, orgID)
	if err != nil || len(all) == 0 {
		return salesforce.Deployed{}, db.fail("list deployments", err)
	}
	return salesforce.Deployed{Last: all[len(all)-1], Objects: salesforce.DeployedBy(all)}, nil
}

const deploymentColumns = `id, source_id, org_id, removal, objects, phase, request_id, checked, checked_id, test_level, cancelled,
	report, trouble, started_at, ended_at`

func scanDeployment(row scanner) (salesforce.Deployment, error) { return readDeployment(row) }

// readDeployment reads the columns of one, behind those that are read into more.
func readDeployment(row scanner, more ...any) (salesforce.Deployment, error) {
	var (
		d                        salesforce.Deployment
		objects, report, trouble []byte
		started, ended           int64
	)
	err := row.Scan(append(more, &d.ID, &d.SourceID, &d.OrgID, &d.Removal, &objects, &d.Phase, &d.RequestID, &d.Checked, &d.CheckedID, &d.TestLevel,
		&d.Cancelled, &report, &trouble, &started, &ended)...)
	if err != nil {
		return d, err
	}
	d.StartedAt, d.EndedAt = timeOf(started), timeOf(ended)
	for _, part := range []struct {
		raw  []byte
		into any
	}{{objects, &d.Objects}, {report, &d.Report}, {trouble, &d.Trouble}} {
		if err := json.Unmarshal(part.raw, part.into); err != nil {
			return d, fmt.Errorf("read deployment %s: %w", d.ID, err)
		}
	}
	return d, nil
}

func (db *DB) scanCargo(row scanner) (salesforce.Deployment, error) {
	var archive, secret []byte
	d, err := readDeployment(row, &archive, &secret)
	if err != nil {
		return d, err
	}
	if d.Cargo.Archive, err = db.vault.open(archive, cargoPlace("archive", d.ID)); err == nil && secret != nil {
		d.Cargo.Secret, err = db.vault.open(secret, cargoPlace("secret", d.ID))
	}
	if err != nil {
		return d, fmt.Errorf("open deployment %s: %w", d.ID, err)
	}
	return d, nil
}

func asJSON(value any) string {
	text, _ := json.Marshal(value) // plain values: cannot fail
	return string(text)
}

// cargoPlace is what the parts of a deployment's cargo are sealed for.
func cargoPlace(column, id string) string { return "deployments." + column + "/" + id }
