-- Where ages and credentials take their numbers from, of any replica; none is given twice.
CREATE SEQUENCE ordinals;
