CREATE TABLE `idempotency_keys` (
	`caller` text NOT NULL,
	`key_hash` text NOT NULL,
	`fingerprint` text NOT NULL,
	`request_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`target_type` text,
	`target_id` text,
	`operation_id` text,
	`status` integer,
	`reply` text,
	PRIMARY KEY(`caller`, `key_hash`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created` ON `idempotency_keys` (`created_at`);