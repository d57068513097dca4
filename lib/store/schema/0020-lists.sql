-- Step 20: the tasks of a node.

-- What a seller has still to do is asked for every few seconds; what it has
-- sold, and what a buyer has bought, now and then.  Ids rise with time, so each
-- party adds at one place, and only the first index is ever deleted from.
CREATE INDEX escrow_to_do ON escrow_escrow (seller_id, id)
	WHERE state = 'PENDING';
CREATE INDEX escrow_sold ON escrow_escrow (seller_id, id);
CREATE INDEX escrow_bought ON escrow_escrow (buyer_id, id);
CREATE INDEX escrow_shadow_sold ON escrow_shadow (seller_id, task_id);
CREATE INDEX escrow_shadow_bought ON escrow_shadow (buyer_id, task_id);
