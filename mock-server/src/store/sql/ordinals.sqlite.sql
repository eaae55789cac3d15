-- Where ages and credentials take their numbers from; none is given twice.
CREATE TABLE ordinals (last BIGINT NOT NULL);
INSERT INTO ordinals (last) VALUES (0);
